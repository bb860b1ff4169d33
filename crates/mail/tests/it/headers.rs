//! Headers: what a visitor may put into one, and what not (P6).

use jiff::Timestamp;
use nuages_mail::{Attachment, EmailMessage, Error, Outgoing};

fn outgoing(message: EmailMessage) -> Result<Outgoing, Error> {
    Outgoing::new(message, "webmaster@localhost", Timestamp::UNIX_EPOCH)
}

fn text(message: EmailMessage) -> String {
    String::from_utf8(outgoing(message).unwrap().to_bytes(false)).unwrap()
}

/// The names of the headers that a reader of these bytes sees.
fn names(mail: &str) -> Vec<&str> {
    let head = mail.split("\r\n\r\n").next().unwrap();
    let lines = head.split("\r\n").flat_map(|line| line.split(['\r', '\n']));
    lines
        .filter(|line| !line.starts_with([' ', '\t']))
        .filter_map(|line| line.split_once(':'))
        .map(|(name, _)| name)
        .collect()
}

const BREAKS: [&str; 5] = [
    "\r\nBcc: x@evil.com",
    "\nBcc: x@evil.com",
    "\rBcc: x@evil.com",
    "\0",
    "\u{85}x",
];

#[test]
fn p6_a_line_break_in_a_header_is_an_error() {
    let message = || EmailMessage::new("Hello", "text").to("ann@example.com");
    for evil in BREAKS {
        let forged = [
            EmailMessage {
                subject: format!("Hello{evil}"),
                ..message()
            },
            message().to(format!("bob@example.com{evil}")),
            message().to(format!("Bob{evil} <bob@example.com>")),
            message().cc(format!("bob@example.com{evil}")),
            message().bcc(format!("bob@example.com{evil}")),
            message().reply_to(format!("bob@example.com{evil}")),
            message().from_email(format!("bob@example.com{evil}")),
            message().header("X-One", format!("1{evil}")),
            message().header(format!("X-One{evil}"), "1"),
            message().header("To", format!("1{evil}")),
            message().header("From", format!("bob@example.com{evil}")),
            message().header("Message-ID", format!("<1>{evil}")),
            message().attach(Attachment::new(format!("a{evil}"), "text/plain", "")),
            message().attach(Attachment::new("a", format!("text/plain{evil}"), "")),
        ];
        for (index, forged) in forged.into_iter().enumerate() {
            let error = outgoing(forged).unwrap_err();
            assert!(
                matches!(error, Error::BadHeader(_)),
                "{index} {evil:?}: {error}"
            );
            assert!(!error.to_string().contains("evil"));
        }
    }
}

#[test]
fn p6_pair_without_the_check_a_line_break_adds_a_header() {
    for evil in &BREAKS[..3] {
        let naive = format!("Subject: Hello{evil}\r\nTo: ann@example.com\r\n\r\ntext");
        assert_eq!(names(&naive), ["Subject", "Bcc", "To"]);
    }
    let ours = text(EmailMessage::new("Hello Bcc: x@evil.com", "text").to("ann@example.com"));
    assert!(!names(&ours).contains(&"Bcc"), "{ours}");
}

#[test]
fn p6_one_entry_is_one_recipient() {
    for evil in [
        "a@b.c, x@evil.com",
        "a@b.c; x@evil.com",
        "<a@b.c> <x@evil.com>",
        "a@b.c x@evil.com",
        "Group: a@b.c;",
    ] {
        let error = outgoing(EmailMessage::new("", "").to(evil)).unwrap_err();
        assert!(matches!(error, Error::BadAddress(_)), "{evil}");
    }
}

#[test]
fn p6_a_body_cannot_end_the_headers_early_or_begin_a_part() {
    let evil = "--===boundary===\r\nContent-Type: text/html\r\n\r\n<script>";
    let mail = text(EmailMessage::new("", evil).html("<p>x</p>").to("a@b.c"));
    let boundary = mail
        .split("boundary=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    assert_eq!(mail.matches(&format!("--{boundary}\r\n")).count(), 2);
    assert_eq!(mail.matches(&format!("--{boundary}--")).count(), 1);
}

#[test]
fn the_hidden_recipients_stand_in_no_header() {
    let message = EmailMessage::new("s", "t")
        .to("a@b.c")
        .cc("d@e.f")
        .bcc("g@h.i");
    let mail = outgoing(message).unwrap();
    assert_eq!(mail.recipients(), ["a@b.c", "d@e.f", "g@h.i"]);
    let text = String::from_utf8(mail.to_bytes(false)).unwrap();
    assert!(!text.contains("g@h.i"));
    for reserved in [
        "Bcc",
        "bcc",
        "Content-Type",
        "MIME-Version",
        "Subject",
        "",
        "A B",
        "A:B",
        "É",
    ] {
        let message = EmailMessage::new("s", "t")
            .to("a@b.c")
            .header(reserved, "x");
        assert!(outgoing(message).is_err(), "{reserved}");
    }
}

#[test]
fn a_mail_has_the_headers_of_django_s() {
    let mail = text(
        EmailMessage::new("Grüße", "Hallo\nWelt")
            .to("Jürgen <j@example.com>")
            .to("b@example.com")
            .reply_to("c@example.com")
            .header("X-One", "1")
            .header("List-Unsubscribe", "<https://example.com/>"),
    );
    assert_eq!(
        names(&mail),
        [
            "Subject",
            "From",
            "To",
            "Reply-To",
            "Date",
            "Message-ID",
            "X-One",
            "List-Unsubscribe",
            "MIME-Version",
            "Content-Type",
            "Content-Transfer-Encoding"
        ]
    );
    assert!(mail.starts_with("Subject: =?utf-8?b?R3LDvMOfZQ==?=\r\nFrom: webmaster@localhost\r\n"));
    assert!(mail.contains("To: =?utf-8?b?SsO8cmdlbg==?= <j@example.com>,\r\n b@example.com\r\n"));
    assert!(mail.contains("Date: Thu, 1 Jan 1970 00:00:00 +0000\r\n"));
    assert!(mail.ends_with("\r\n\r\nHallo\r\nWelt\r\n"), "{mail}");
}

#[test]
fn own_headers_replace_those_that_a_mail_has() {
    let message = EmailMessage::new("s", "t")
        .to("a@b.c")
        .header("from", "Shown <shown@example.com>")
        .header("To", "list:;")
        .header("Date", "today")
        .header("Message-Id", "<1@x>");
    let mail = outgoing(message).unwrap();
    assert_eq!(
        (mail.sender(), mail.recipients()),
        ("webmaster@localhost", &["a@b.c".to_owned()][..])
    );
    let text = String::from_utf8(mail.to_bytes(false)).unwrap();
    assert!(
        text.contains(
            "From: Shown <shown@example.com>\r\nTo: list:;\r\nDate: today\r\nMessage-Id: <1@x>\r\n"
        ),
        "{text}"
    );
}

#[test]
fn html_and_files_are_parts_of_their_own() {
    let mail = text(
        EmailMessage::new("s", "plain")
            .html("<p>html</p>")
            .to("a@b.c")
            .attach(Attachment::new(
                "a \"b\".bin",
                "application/octet-stream",
                [0_u8, 255].to_vec(),
            ))
            .attach(Attachment::new("übung.txt", "text/plain", "x".repeat(100))),
    );
    assert!(mail.contains("multipart/mixed") && mail.contains("multipart/alternative"));
    assert!(mail.contains("filename=\"a \\\"b\\\".bin\"\r\n\r\nAP8=\r\n"));
    assert!(mail.contains("filename*=utf-8''%C3%BCbung.txt"));
    assert!(mail.split("\r\n").all(|line| line.len() <= 100));
    let plain = mail.find("plain\r\n--").unwrap();
    assert!(plain < mail.find("<p>html</p>").unwrap());
}

#[test]
fn a_body_travels_as_ascii_where_it_has_to() {
    let message = EmailMessage::new("s", "é\n").to("a@b.c");
    let mail = outgoing(message).unwrap();
    assert!(
        mail.to_bytes(false)
            .ends_with("8bit\r\n\r\né\r\n".as_bytes())
    );
    assert!(
        mail.to_bytes(true)
            .ends_with(b"quoted-printable\r\n\r\n=C3=A9\r\n")
    );
    let long = outgoing(EmailMessage::new("s", "x".repeat(5000)).to("a@b.c")).unwrap();
    let bytes = long.to_bytes(false);
    assert!(
        bytes
            .split(|byte| *byte == b'\n')
            .all(|line| line.len() < 100)
    );
}
