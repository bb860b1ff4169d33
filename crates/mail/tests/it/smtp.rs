//! A real connection to a mail server that does what the test tells it to.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use nuages_base::Clock;
use nuages_mail::{EmailBackend, EmailMessage, Error, Mail, MailSettings};

/// What the server says to STARTTLS, and to RCPT.
#[derive(Clone, Copy)]
struct Manners {
    offers_tls: bool,
    starttls: &'static str,
    rcpt: &'static str,
    /// How long it says nothing at first.
    silence: Duration,
}

const POLITE: Manners = Manners {
    offers_tls: true,
    starttls: "220 go on",
    rcpt: "250 ok",
    silence: Duration::ZERO,
};

/// A mail server of one test: what each of its connections has heard.
struct Server {
    port: u16,
    heard: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Server {
    fn start(manners: Manners) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let all = Arc::clone(&heard);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, all) = (stream.unwrap(), Arc::clone(&all));
                let index = {
                    let mut all = all.lock().unwrap();
                    all.push(Vec::new());
                    all.len() - 1
                };
                thread::spawn(move || {
                    let _ = talk(stream, manners, &|bytes| {
                        all.lock().unwrap()[index].extend_from_slice(bytes);
                    });
                });
            }
        });
        Self { port, heard }
    }

    fn mail(&self, change: impl FnOnce(&mut MailSettings)) -> Mail {
        let mut settings = MailSettings {
            email_backend: Some(EmailBackend::Smtp),
            email_host: "127.0.0.1".to_owned(),
            email_port: self.port,
            email_host_user: "postman".to_owned(),
            email_host_password: "hunter2".into(),
            email_timeout: Some(5),
            ..MailSettings::default()
        };
        change(&mut settings);
        Mail::open(&settings, ".".as_ref(), false, Clock::system()).unwrap()
    }

    fn heard(&self) -> Vec<String> {
        let heard = self.heard.lock().unwrap();
        let text = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).into_owned();
        heard.iter().map(text).collect()
    }
}

fn talk(mut stream: TcpStream, manners: Manners, hear: &dyn Fn(&[u8])) -> std::io::Result<()> {
    thread::sleep(manners.silence);
    let mut reader = BufReader::new(stream.try_clone()?);
    stream.write_all(b"220 test\r\n")?;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        hear(line.as_bytes());
        let answer = match line.split_whitespace().next().unwrap_or_default() {
            "EHLO" if manners.offers_tls => "250-test\r\n250-AUTH PLAIN\r\n250 STARTTLS",
            "EHLO" => "250-test\r\n250 AUTH PLAIN",
            "STARTTLS" => {
                stream.write_all(format!("{}\r\n", manners.starttls).as_bytes())?;
                if manners.starttls.starts_with("220") {
                    let mut hello = [0; 5];
                    reader.read_exact(&mut hello)?;
                    hear(&hello);
                    return Ok(());
                }
                continue;
            }
            "AUTH" => "235 welcome",
            "RCPT" => manners.rcpt,
            "DATA" => {
                stream.write_all(b"354 go on\r\n")?;
                loop {
                    let mut line = String::new();
                    if reader.read_line(&mut line)? == 0 {
                        return Ok(());
                    }
                    hear(line.as_bytes());
                    if line == ".\r\n" {
                        break;
                    }
                }
                "250 taken"
            }
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
        stream.write_all(format!("{answer}\r\n").as_bytes())?;
    }
}

fn message() -> EmailMessage {
    EmailMessage::new("Hello", "text").to("alice@example.com")
}

/// The commands among what was heard, outside of DATA.
fn commands(heard: &str) -> Vec<&str> {
    let mut in_data = false;
    let mut found = Vec::new();
    for line in heard.split("\r\n") {
        if in_data {
            in_data = line != ".";
            continue;
        }
        let word = line.split([' ', ':']).next().unwrap();
        in_data = word == "DATA";
        found.extend(Some(word).filter(|word| !word.is_empty()));
    }
    found
}

#[tokio::test]
async fn a_mail_reaches_the_server() {
    let server = Server::start(POLITE);
    let text = EmailMessage::new("Grüße", "Wie geht’s?")
        .to("Alice <alice@example.com>")
        .bcc("bob@example.com");
    server.mail(|_| ()).send(text).await.unwrap();
    let heard = &server.heard()[0];
    assert_eq!(
        commands(heard),
        ["EHLO", "AUTH", "MAIL", "RCPT", "RCPT", "DATA", "QUIT"]
    );
    assert!(heard.contains("RCPT TO:<bob@example.com>"));
    assert!(heard.is_ascii() && heard.contains("Wie geht=E2=80=99s?"));
}

#[tokio::test]
async fn p6_a_body_cannot_end_itself_and_begin_another_mail() {
    let evil = "hello\r\n.\r\nMAIL FROM:<x@evil.com>\r\nRCPT TO:<y@evil.com>\r\nDATA\r\nspam\n.\nmore\r.\r";
    let server = Server::start(POLITE);
    let mail = server.mail(|settings| settings.email_host_user.clear());
    mail.send(EmailMessage::new("s", evil).to("alice@example.com"))
        .await
        .unwrap();
    let heard = &server.heard()[0];
    assert_eq!(
        commands(heard),
        ["EHLO", "MAIL", "RCPT", "DATA", "QUIT"],
        "{heard}"
    );
    assert!(heard.contains("\r\n..\r\nMAIL FROM"));
}

#[tokio::test]
async fn p6_pair_without_dot_stuffing_a_body_begins_another_mail() {
    let server = Server::start(POLITE);
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    let script = "EHLO x\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<alice@example.com>\r\nDATA\r\nhello\r\n.\r\nMAIL FROM:<x@evil.com>\r\nRCPT TO:<y@evil.com>\r\nDATA\r\nspam\r\n.\r\nQUIT\r\n";
    stream.write_all(script.as_bytes()).unwrap();
    let mut answers = String::new();
    let _ = stream.set_read_timeout(Some(Duration::from_secs(2)));
    let mut reader = BufReader::new(stream);
    while !answers.contains("221 bye") && reader.read_line(&mut answers).unwrap() > 0 {}
    let heard = &server.heard()[0];
    assert_eq!(
        commands(heard)
            .iter()
            .filter(|word| **word == "DATA")
            .count(),
        2
    );
}

#[tokio::test]
async fn cve_2026_7666_a_server_without_starttls_gets_nothing() {
    for (offers_tls, starttls) in [
        (true, "454 not now"),
        (true, "garbage"),
        (true, "500 what?"),
        (true, ""),
        (false, ""),
    ] {
        let server = Server::start(Manners {
            offers_tls,
            starttls,
            ..POLITE
        });
        let mail = server.mail(|settings| {
            settings.email_use_tls = true;
            settings.email_timeout = Some(1);
        });
        for _ in 0..2 {
            let error = mail.send(message()).await.unwrap_err();
            assert!(matches!(error, Error::Transport(_)), "{error}");
        }
        let heard = server.heard();
        // The connection is not kept: the second mail comes on another one.
        assert_eq!(heard.len(), 2, "{starttls}: {heard:?}");
        for heard in heard {
            for word in ["MAIL", "AUTH", "RCPT", "alice", "postman", "hunter2"] {
                assert!(!heard.contains(word), "{starttls}: {heard}");
            }
        }
    }
}

#[tokio::test]
async fn cve_2026_7666_pair_without_use_tls_it_goes_in_clear() {
    let server = Server::start(Manners {
        offers_tls: false,
        ..POLITE
    });
    server.mail(|_| ()).send(message()).await.unwrap();
    let heard = &server.heard()[0];
    assert!(
        heard.contains("AUTH PLAIN ") && heard.contains("MAIL FROM"),
        "{heard}"
    );
}

#[tokio::test]
async fn after_starttls_the_next_byte_is_tls() {
    let server = Server::start(POLITE);
    let mail = server.mail(|settings| settings.email_use_tls = true);
    assert!(mail.send(message()).await.is_err());
    let heard = server.heard.lock().unwrap()[0].clone();
    let tail = &heard[heard.len() - 5..];
    // A handshake of TLS.
    assert_eq!(
        tail[..2],
        [0x16, 3],
        "{:?}",
        String::from_utf8_lossy(&heard)
    );
}

#[tokio::test]
async fn a3_an_error_never_says_the_address() {
    for rcpt in [
        "550 <alice@example.com> is unknown",
        "550 No such user: ALICE here",
        "451 alice: try later",
    ] {
        let server = Server::start(Manners { rcpt, ..POLITE });
        let error = server.mail(|_| ()).send(message()).await.unwrap_err();
        let text = format!("{error} {error:?}").to_lowercase();
        assert!(!text.contains("alice"), "{text}");
        assert!(text.contains("550") || text.contains("451"), "{text}");
    }
    // What says nothing of anybody is worth knowing.
    let server = Server::start(Manners {
        rcpt: "552 mailbox full",
        ..POLITE
    });
    let error = server.mail(|_| ()).send(message()).await.unwrap_err();
    assert!(error.to_string().contains("mailbox full"), "{error}");
}

#[tokio::test]
async fn a3_a_hanging_server_is_left_after_the_timeout() {
    let server = Server::start(Manners {
        silence: Duration::from_secs(30),
        ..POLITE
    });
    let mail = server.mail(|settings| settings.email_timeout = Some(1));
    let start = Instant::now();
    mail.queue(message()).unwrap();
    assert!(start.elapsed() < Duration::from_millis(500));
    let error = mail.send(message()).await.unwrap_err();
    assert!(error.to_string().contains("in time"), "{error}");
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_an_error() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let mail = Server {
        port,
        heard: Arc::default(),
    }
    .mail(|_| ());
    assert!(matches!(
        mail.send(message()).await,
        Err(Error::Transport(_))
    ));
}
