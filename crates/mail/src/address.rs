//! One mailbox: `ann@example.com`, or `Ann <ann@example.com>`.

use std::borrow::Cow;

use crate::Error;

/// One mailbox, with the domain in ASCII.
///
/// ```
/// use nuages_mail::Address;
///
/// let ann = Address::parse("To", "\"Smith, Ann\" <ann@münchen.example>")?;
/// assert_eq!(ann.name(), "Smith, Ann");
/// assert_eq!(ann.email(), "ann@xn--mnchen-3ya.example");
/// // One entry is one mailbox: nothing slips in behind it.
/// assert!(Address::parse("To", "ann@example.com, eve@example.com").is_err());
/// assert!(Address::parse("To", "ann@example.com\nBcc: eve@example.com").is_err());
/// # Ok::<(), nuages_mail::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    name: String,
    email: String,
}

impl Address {
    /// Reads a mailbox; `header` is what an error calls the place.
    ///
    /// # Errors
    /// When it is not exactly one mailbox, or has control characters in it.
    pub fn parse(header: &str, text: &str) -> Result<Self, Error> {
        if text.chars().any(char::is_control) {
            return Err(Error::BadHeader(header.to_owned()));
        }
        let text = text.trim();
        let (name, spec) = match text
            .strip_suffix('>')
            .and_then(|rest| rest.rsplit_once('<'))
        {
            Some((name, spec)) => (unquoted(name.trim()), spec),
            None => (Some(Cow::Borrowed("")), text),
        };
        match (name, checked(spec)) {
            (Some(name), Some(email)) => Ok(Self {
                name: name.into_owned(),
                email,
            }),
            _ => Err(Error::BadAddress(header.to_owned())),
        }
    }

    /// The name beside the address; empty without one.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The address itself.
    pub fn email(&self) -> &str {
        &self.email
    }

    /// What stands behind the `@`; empty without one.
    pub(crate) fn domain(&self) -> &str {
        self.email.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

/// A name without its quotation marks; nothing when it could be read as more than a name.
fn unquoted(name: &str) -> Option<Cow<'_, str>> {
    let Some(inner) = name.strip_prefix('"') else {
        let is_plain = !name.contains(['"', '<', '>', ',', ';', '@']);
        return is_plain.then_some(Cow::Borrowed(name));
    };
    let inner = inner.strip_suffix('"')?;
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(char) = chars.next() {
        match char {
            '"' => return None,
            '\\' => out.push(chars.next()?),
            char => out.push(char),
        }
    }
    Some(Cow::Owned(out))
}

/// An address with its domain in ASCII, if it is one.
///
/// A mailbox of this machine has no domain, as in Django.
fn checked(spec: &str) -> Option<String> {
    let (local, domain) = match spec.rsplit_once('@') {
        Some((local, domain)) => (local, Some(domain)),
        None => (spec, None),
    };
    let quoted = local
        .strip_prefix('"')
        .and_then(|local| local.strip_suffix('"'));
    let is_fine = if let Some(inner) = quoted {
        !inner.is_empty() && !inner.contains(['"', '\\'])
    } else {
        let special = |char: char| char.is_whitespace() || "()<>[]:;@\\,\"".contains(char);
        !local.is_empty() && !local.contains(special)
    };
    let Some(domain) = domain else {
        return is_fine.then(|| local.to_owned());
    };
    let domain = ascii_domain(domain).filter(|_| is_fine)?;
    Some(format!("{local}@{domain}"))
}

fn ascii_domain(domain: &str) -> Option<Cow<'_, str>> {
    if !domain.is_ascii() {
        return match url::Host::parse(domain).ok()? {
            url::Host::Domain(domain) => Some(Cow::Owned(domain)),
            _ => None,
        };
    }
    let inner = domain
        .strip_prefix('[')
        .and_then(|domain| domain.strip_suffix(']'));
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    let is_fine = match inner {
        Some(literal) => literal.bytes().all(|byte| allowed(byte) || byte == b':'),
        None => domain.bytes().all(allowed),
    };
    (is_fine && !domain.is_empty()).then_some(Cow::Borrowed(domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, &str)>) {
        let ours = Address::parse("To", text).ok();
        let ours = ours
            .as_ref()
            .map(|address| (address.name(), address.email()));
        assert_eq!(ours, expected, "{text:?}");
    }

    #[test]
    fn a_mailbox_is_read_with_and_without_a_name() {
        check("ann@example.com", Some(("", "ann@example.com")));
        check(" Ann <ann@example.com> ", Some(("Ann", "ann@example.com")));
        check("<ann@example.com>", Some(("", "ann@example.com")));
        check(r#""A \"B\" <C>" <a@b.c>"#, Some((r#"A "B" <C>"#, "a@b.c")));
        check("webmaster", Some(("", "webmaster")));
        check("jürgen@example.com", Some(("", "jürgen@example.com")));
        check("a@[127.0.0.1]", Some(("", "a@[127.0.0.1]")));
        check(r#""a b"@c.d"#, Some(("", r#""a b"@c.d"#)));
    }

    #[test]
    fn what_is_not_one_mailbox_is_refused() {
        for text in [
            "",
            " ",
            "@",
            "a@",
            "@b",
            "a b@c",
            "a@b c",
            "a@b,c@d",
            "a@b;",
            "A <a@b>, c@d",
            "a@b <c@d>, <e@f>",
            "a@b@c",
            "<a@b",
            "a@b>",
            "\"a\" \"b\" <c@d>",
            "a@b\rc",
            "a\0@b",
            "A\nB <a@b>",
            "a@exa\u{7f}mple",
            "(c)a@b",
            "a@b(c)",
        ] {
            check(text, None);
        }
    }
}
