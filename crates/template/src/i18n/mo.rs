//! Reading `.mo` files, which `msgfmt` makes. Every number in them is checked before it is followed.

use super::catalog::{Catalog, CatalogError};

const MAGIC: u32 = 0x9504_12de;

impl Catalog {
    /// Reads the bytes of a `.mo` file, of either byte order.
    ///
    /// # Errors
    /// When the bytes are no such file, or point outside of themselves, or are not UTF-8.
    ///
    /// ```
    /// use nuages_template::i18n::Catalog;
    /// assert!(Catalog::from_mo(b"\xde\x12\x04\x95 cut short").is_err());
    /// ```
    pub fn from_mo(bytes: &[u8]) -> Result<Self, CatalogError> {
        read(bytes).map_err(|message| CatalogError { message, line: 0 })
    }
}

fn read(bytes: &[u8]) -> Result<Catalog, String> {
    let little = match number(bytes, 0, true)? {
        MAGIC => true,
        other if other.swap_bytes() == MAGIC => false,
        _ => return Err("this is no .mo file".to_owned()),
    };
    let field = |at: usize| number(bytes, at, little);
    if field(4)? >> 16 > 1 {
        return Err("a .mo file of a later version".to_owned());
    }
    let (count, ids, texts) = (size(field(8)?), size(field(12)?), size(field(16)?));
    if count > bytes.len() / 16 {
        return Err("a .mo file with more messages than bytes".to_owned());
    }
    let mut catalog = Catalog::default();
    let mut entries = Vec::with_capacity(count);
    for index in 0..count {
        let id = string(bytes, ids, index, little)?;
        let text = string(bytes, texts, index, little)?;
        if id.is_empty() {
            catalog.read_header(text)?;
        } else {
            entries.push((id, text));
        }
    }
    for (id, text) in entries {
        match id.split_once('\0') {
            Some((id, _plural)) => {
                let forms: Vec<&str> = text.split('\0').collect();
                catalog.add_forms(id, &forms);
            }
            None => catalog.add(id, text),
        }
    }
    Ok(catalog)
}

/// The string number `index` of the table at `table`.
fn string(bytes: &[u8], table: usize, index: usize, little: bool) -> Result<&str, String> {
    let at = table
        .checked_add(index * 8)
        .ok_or("a .mo file that points outside of itself")?;
    let length = size(number(bytes, at, little)?);
    let start = size(number(bytes, at.saturating_add(4), little)?);
    let end = start.checked_add(length);
    let found = end.and_then(|end| bytes.get(start..end));
    let found = found.ok_or("a .mo file that points outside of itself")?;
    std::str::from_utf8(found).map_err(|_| "a .mo file that is not UTF-8".to_owned())
}

fn number(bytes: &[u8], at: usize, little: bool) -> Result<u32, String> {
    let found = at
        .checked_add(4)
        .and_then(|end| bytes.get(at..end))
        .and_then(|bytes| <[u8; 4]>::try_from(bytes).ok())
        .ok_or("a .mo file that is cut short")?;
    Ok(if little {
        u32::from_le_bytes(found)
    } else {
        u32::from_be_bytes(found)
    })
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Message;

    /// A file with these messages.
    fn file(entries: &[(&str, &str)], bytes_of: fn(u32) -> [u8; 4]) -> Vec<u8> {
        let table = 28 + entries.len() * 8;
        let mut at = table + entries.len() * 8;
        let (mut ids, mut texts, mut data) = (Vec::new(), Vec::new(), Vec::new());
        for (tables, strings) in [
            (
                &mut ids,
                entries.iter().map(|entry| entry.0).collect::<Vec<_>>(),
            ),
            (&mut texts, entries.iter().map(|entry| entry.1).collect()),
        ] {
            for text in strings {
                tables.extend(bytes_of(u32::try_from(text.len()).unwrap()));
                tables.extend(bytes_of(u32::try_from(at).unwrap()));
                data.extend(text.as_bytes());
                data.push(0);
                at += text.len() + 1;
            }
        }
        let count = u32::try_from(entries.len()).unwrap();
        let head = [MAGIC, 0, count, 28, u32::try_from(table).unwrap(), 0, 0];
        let mut file: Vec<u8> = head.into_iter().flat_map(bytes_of).collect();
        file.extend(ids);
        file.extend(texts);
        file.extend(data);
        file
    }

    const ENTRIES: [(&str, &str); 4] = [
        ("", "Plural-Forms: nplurals=2; plural=n>1;\n"),
        ("day\0days", "jour\0jours"),
        ("month name\u{4}May", "mai"),
        ("Hello", "Bonjour"),
    ];

    #[test]
    fn both_byte_orders_are_read() {
        for bytes_of in [u32::to_le_bytes as fn(u32) -> [u8; 4], u32::to_be_bytes] {
            let catalog = Catalog::from_mo(&file(&ENTRIES, bytes_of)).unwrap();
            assert_eq!(catalog.get(&Message::new("Hello")), Some("Bonjour"));
            let day = |count| catalog.get(&Message::new("day").with_plural("days", count));
            assert_eq!((day(0), day(2)), (Some("jour"), Some("jours")));
            let may = Message::new("May").with_context("month name");
            assert_eq!(catalog.get(&may), Some("mai"));
        }
    }

    #[test]
    fn a_file_that_is_cut_or_broken_anywhere_is_an_error_and_no_panic() {
        let whole = file(&ENTRIES, u32::to_le_bytes);
        for end in 0..whole.len() - 1 {
            assert!(Catalog::from_mo(&whole[..end]).is_err(), "cut at {end}");
        }
        for at in 0..whole.len() {
            let mut broken = whole.clone();
            broken[at] = 0xff;
            let _ = Catalog::from_mo(&broken);
        }
    }
}
