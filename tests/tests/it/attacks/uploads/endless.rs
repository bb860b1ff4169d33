//! U1, U2, U4 to U6, U15 in the sizes of the catalogue: gigabytes and millions.
//!
//! Client and server share this process: what is measured of memory and files is that of both.

use std::time::{Duration, Instant};

use futures_util::stream;
use nuages::prelude::*;
use nuages::testing::{LiveServer, TestSite};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::bodies::{BASE64, FIELD, FORM, JSON, status};
use super::target::{MULTIPART, Target, body, file, file_with};
use crate::attacks::linear::is_linear;
use crate::attacks::wire::frames::{
    DATA, HEADERS, Http2, RST_STREAM, SETTINGS, WINDOW_UPDATE, block, frame,
};
use crate::attacks::wire::raw::{Raw, peak_memory};

const PIECE: usize = 64 * 1024;

/// A gigabyte in pieces.
const PIECES: usize = 16 * 1024;

/// Sends `begin` and then up to a gigabyte; the answer, and how many pieces were taken before it.
async fn endless(server: &LiveServer, head: &str, begin: &[u8], is_chunked: bool) -> (u16, usize) {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let chunk = |bytes: &[u8]| {
        if is_chunked {
            [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
        } else {
            bytes.to_vec()
        }
    };
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&chunk(begin)).await.unwrap();
    let piece = chunk(&vec![b'1'; PIECE]);
    let (mut reader, mut writer) = stream.split();
    let send = async {
        for sent in 0..PIECES {
            if writer.write_all(&piece).await.is_err() {
                return sent;
            }
        }
        PIECES
    };
    let receive = async {
        let mut answer = vec![0; 4096];
        let count = reader.read(&mut answer).await.unwrap_or(0);
        status(&answer[..count])
    };
    let (sent, status) = tokio::join!(send, receive);
    (status, sent)
}

#[tokio::test]
async fn u1_a_gigabyte_is_neither_taken_nor_held() {
    let target = Target::new().await;
    let server = target.site.live().await;
    for (path, kind, begin) in [
        ("/echo/", FORM, &b"a="[..]),
        ("/json/", JSON, b"\""),
        ("/raw/", "application/octet-stream", b"1"),
        ("/echo/", MULTIPART, FIELD),
    ] {
        for is_chunked in [true, false] {
            let length = if is_chunked {
                "Transfer-Encoding: chunked".to_owned()
            } else {
                format!("Content-Length: {}", PIECE * PIECES + begin.len())
            };
            let head = format!(
                "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n{length}\r\n\r\n"
            );
            let before = peak_memory();
            let (status, sent) = endless(&server, &head, begin, is_chunked).await;
            let grown = peak_memory().saturating_sub(before);
            assert!(matches!(status, 400 | 413), "{kind} {length}: {status}");
            // Forty are the limit; the buffers of the sockets hold some more.
            assert!(sent < 400, "{kind} {length}: {sent} pieces were taken");
            assert!(grown < 8 * 1024, "{kind} {length}: {grown} KiB");
        }
    }
}

#[tokio::test]
async fn u1_what_comes_after_an_understated_length_is_no_part_of_the_body() {
    let target = Target::new().await;
    let server = target.site.live().await;
    let head = format!(
        "POST /echo/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: {FORM}\r\nContent-Length: 3\r\n\r\n"
    );
    let before = peak_memory();
    // "a=1" is the form; a gigabyte of ones behind it is no request.
    let (status, sent) = endless(&server, &head, b"a=1", false).await;
    assert_eq!(status, 200);
    assert!(sent < 400, "{sent}");
    assert!(peak_memory().saturating_sub(before) < 8 * 1024);
}

/// The same over HTTP/2, where no length is needed: the status, and how many bytes were taken.
async fn endless_http2(
    server: &LiveServer,
    path: &str,
    kind: &str,
    begin: &[u8],
) -> (String, usize) {
    let mut http2 = Http2::connect(server.address()).await;
    let mut head = block(path, &[("content-type", kind)]);
    // The block begins with the method GET, by its place in the table.
    head[0] = 0x83;
    http2.send(&frame(HEADERS, 4, 1, &head)).await;
    http2.send(&frame(DATA, 0, 1, begin)).await;
    let mut window = 65_535 - i64::try_from(begin.len()).unwrap();
    let mut connection = window;
    let piece = vec![b'1'; 16 * 1024];
    let mut sent = begin.len();
    while sent < PIECE * PIECES {
        let size = i64::try_from(piece.len()).unwrap();
        if window.min(connection) >= size {
            if !http2.send(&frame(DATA, 0, 1, &piece)).await {
                break;
            }
            (window, connection, sent) = (window - size, connection - size, sent + piece.len());
            continue;
        }
        let Some(came) = http2.next_within(Duration::from_secs(5)).await else {
            break;
        };
        match came.kind {
            WINDOW_UPDATE => {
                let more = i64::from(u32::from_be_bytes(came.payload[..4].try_into().unwrap()));
                match came.stream {
                    0 => connection += more,
                    _ => window += more,
                }
            }
            // The settings of the server: the window of a stream may be larger from the beginning.
            SETTINGS if came.flags & 1 == 0 => {
                for setting in came.payload.chunks(6).filter(|setting| setting[1] == 4) {
                    let size = u32::from_be_bytes(setting[2..6].try_into().unwrap());
                    window += i64::from(size) - 65_535;
                }
                // They count for the server, too, only after this.
                http2.send(&frame(SETTINGS, 1, 0, &[])).await;
            }
            HEADERS if came.stream == 1 => {
                return (http2.status_of(&came), sent);
            }
            RST_STREAM => return (format!("reset {:?}", came.payload), sent),
            _ => {}
        }
    }
    ("none".to_owned(), sent)
}

#[tokio::test]
async fn u1_a_gigabyte_over_http2_is_neither_taken_nor_held() {
    let target = Target::new().await;
    let server = target.site.live().await;
    for (path, kind, begin) in [
        ("/echo/", FORM, &b"a="[..]),
        ("/json/", JSON, b"\""),
        ("/raw/", "application/octet-stream", b"1"),
        ("/echo/", MULTIPART, FIELD),
    ] {
        let before = peak_memory();
        let (status, sent) = endless_http2(&server, path, kind, begin).await;
        assert!(matches!(&*status, "400" | "413"), "{kind}: {status}");
        assert!(
            sent < 2_621_440 + 3 * 1024 * 1024,
            "{kind}: {sent} bytes were taken"
        );
        assert!(peak_memory().saturating_sub(before) < 8 * 1024, "{kind}");
    }
}

#[tokio::test]
async fn u2_a_million_empty_parts_are_a_400() {
    let target = Target::new().await;
    let parts = b"--X\r\n\r\n\r\n".repeat(1_000_000);
    let began = Instant::now();
    let answer = target.client().post("/echo/").body(MULTIPART, parts).await;
    assert_eq!(answer.status(), 400);
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn u2_a_name_with_a_thousand_brackets_is_a_name() {
    let target = Target::new().await;
    let deep = format!("a{}", "[b]".repeat(1000));
    let form = format!("{deep}=1");
    let answer = target.client().post("/echo/").body(FORM, form).await;
    assert_eq!(answer.text(), format!("field {deep}=1\n"));
    let json = format!("{}1{}", "[".repeat(1000), "]".repeat(1000));
    assert_eq!(
        target
            .client()
            .post("/json/")
            .body(JSON, json)
            .await
            .status(),
        400
    );
}

#[tokio::test]
async fn u2_a_hundred_files_open_no_more_than_a_hundred() {
    let target = Target::new().await;
    let server = target.site.live().await;
    let large = "x".repeat(2_700_000);
    let parts = body(&vec![file("a", large); 30]);
    let head = format!(
        "POST /echo/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: {MULTIPART}\r\nContent-Length: {}\r\n\r\n",
        parts.len()
    );
    let files = || std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
    let before = files();
    let mut raw = Raw::connect(server.address()).await;
    raw.send(head).await;
    let half = parts.len() - 100;
    raw.send(&parts[..half]).await;
    let open = files();
    assert!(open <= before + 100, "{before} {open}");
    raw.send(&parts[half..]).await;
    let answer = raw.read_for(Duration::from_secs(5)).await;
    assert_eq!(answer.text.matches(" disk").count(), 30, "{}", answer.text);
    drop(raw);
    for _ in 0..100 {
        if target.folder.files().is_empty() && files() <= before + 1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{before} {} {:?}", files(), target.folder.files());
}

/// A part with these lines of headers.
fn part(headers: &str, content: &str) -> Vec<u8> {
    format!("{headers}\r\n\r\n{content}").into_bytes()
}

#[tokio::test]
async fn u4_parts_that_two_parsers_may_read_differently_are_read_in_one_way() {
    let target = Target::new().await;
    let echo = async |parts: &[Vec<u8>]| {
        let began = Instant::now();
        let answer = target.post("/echo/", parts).await;
        assert!(began.elapsed() < Duration::from_secs(1));
        (answer.status().as_u16(), answer.text())
    };
    let named = |name: &str| format!("Content-Disposition: form-data; name=\"{name}\"");
    // Of two headers the last counts, as in Django.
    let twice = part(&format!("{}\r\n{}", named("a"), named("b")), "x");
    assert_eq!(echo(&[twice]).await, (200, "field b=x\n".to_owned()));
    let both = part(
        "Content-Disposition: form-data; name=\"a\"; name=\"b\"",
        "x",
    );
    assert_eq!(echo(&[both]).await, (200, "field b=x\n".to_owned()));
    let encoded = part("Content-Disposition: form-data; name*=utf-8''%C3%A9", "x");
    assert_eq!(echo(&[encoded]).await, (200, "field é=x\n".to_owned()));
    let again = [part(&named("a"), "1"), part(&named("a"), "2")];
    assert_eq!(
        echo(&again).await,
        (200, "field a=1\nfield a=2\n".to_owned())
    );
    // Quoted-printable is no encoding of forms: what stands there is the content.
    let quoted = format!(
        "{}\r\nContent-Transfer-Encoding: quoted-printable",
        named("a")
    );
    let bomb = "=3D".repeat(100_000);
    let (status, text) = echo(&[part(&quoted, &bomb)]).await;
    assert_eq!((status, text.len()), (200, "field a=\n".len() + bomb.len()));
    // A form in a form is the content of a part without a name.
    let inner = "--Y\r\nContent-Disposition: form-data; name=\"inner\"\r\n\r\nx\r\n--Y--";
    let nested = part("Content-Type: multipart/mixed; boundary=Y", inner);
    assert_eq!(echo(&[nested]).await, (200, String::new()));
    // A head of 1024 bytes and its end is read, a longer one is not one.
    for (length, status) in [(900, 200), (70_000, 400)] {
        let long = part(&format!("{}\r\nX: {}", named("a"), "h".repeat(length)), "x");
        assert_eq!(echo(&[long]).await.0, status, "{length}");
    }
    let empty = part("Content-Disposition: form-data; name=\"\"", "x");
    assert_eq!(echo(&[empty]).await.0, 200);
    let nul = part(&named("a\0b"), "x\0y");
    assert_eq!(echo(&[nul]).await.0, 200);
}

#[tokio::test]
async fn u5_a_base64_file_of_many_megabytes_is_never_held() {
    // The catalogue says 200 MB; a build for tests takes a second for ten, so it is 64 here.
    const CONTENT: usize = 64 * 1024 * 1024;
    let target = Target::with(|settings| {
        settings.set("request_body_max_size", 100_000_000).unwrap();
    })
    .await;
    let server = target.site.live().await;
    let begin = file_with("a", BASE64, "");
    let end = b"\r\n--X--\r\n";
    let head = format!(
        "POST /echo/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {MULTIPART}\r\n\
         Content-Length: {}\r\n\r\n--X\r\n",
        5 + begin.len() + CONTENT + end.len()
    );
    let before = peak_memory();
    let mut raw = Raw::connect(server.address()).await;
    raw.send(head).await;
    raw.send(begin).await;
    // Lines as mail has them, broken where no group of four ends.
    let piece = [b"AAAA".repeat(18), b"AA\r\nAA\r\n\t  \r\n".to_vec()].concat();
    let mut sent = 0;
    while sent < CONTENT {
        let many = piece.repeat(800);
        let rest = many.len().min(CONTENT - sent);
        // The last piece is filled up with spaces, so that no group is broken.
        let rest = if rest == many.len() {
            many
        } else {
            vec![b' '; rest]
        };
        assert!(raw.send(&rest).await);
        sent += rest.len();
    }
    raw.send(end).await;
    let answer = raw.read_all().await;
    assert!(answer.text.contains(" disk"), "{}", answer.text);
    let grown = peak_memory().saturating_sub(before);
    assert!(grown < 8 * 1024, "{grown} KiB");
}

#[test]
fn u3_cookies_and_names_of_forms_cost_what_they_should() {
    use nuages::security::cookie::parse_cookie;
    let make = |size: usize| {
        let pairs: Vec<String> = (0..size).map(|at| format!("k{at}=v")).collect();
        pairs.join(";")
    };
    assert!(is_linear(1000, make, |header: &String| parse_cookie(
        header
    )
    .len()));
    let json = |size: usize| {
        let pairs: Vec<String> = (0..size).map(|at| format!("\"k{at}\":1")).collect();
        format!("{{{}}}", pairs.join(","))
    };
    let read = |text: &String| serde_json::from_str::<serde_json::Value>(text).is_ok();
    assert!(is_linear(1000, json, read));
}

#[tokio::test]
async fn u6_cve_2021_28658_no_hand_gets_a_name_with_folders() {
    // There are no upload handlers: whoever takes a file, takes it with the name that it has here.
    async fn hands(data: PostData) -> String {
        let by_field = data.file("file").map(|file| file.name().to_owned());
        let all: Vec<_> = data
            .files()
            .map(|(_, file)| file.name().to_owned())
            .collect();
        let form = nuages::forms::FormData::from(&data);
        format!(
            "{by_field:?} {all:?} {:?}",
            form.file("file").map(|file| file.name().to_owned())
        )
    }
    let urls = Urls::new().path("", post(hands).csrf_exempt(), "hands");
    let site = TestSite::new(Site::new().urls(urls)).await;
    for name in [
        "/tmp/hax0rd.txt",
        "C:\\\\Windows\\\\hax0rd.txt",
        "../../hax0rd.txt",
        "a/b/hax0rd.txt",
    ] {
        let parts = body(&[file(name, "x")]);
        let answer = site.client().post("/").body(MULTIPART, parts).await;
        let expected = "Some(\"hax0rd.txt\") [\"hax0rd.txt\"] Some(\"hax0rd.txt\")";
        assert_eq!(answer.text(), expected, "{name}");
    }
}

#[tokio::test]
async fn u15_a_gigabyte_that_is_written_while_it_is_sent_is_never_held() {
    async fn gigabyte() -> StreamResponse {
        let piece = bytes::Bytes::from(vec![b'x'; PIECE]);
        let pieces = (0..PIECES).map(move |_| Ok::<_, std::io::Error>(piece.clone()));
        StreamResponse::new(stream::iter(pieces)).content_type("text/plain")
    }
    let urls = Urls::new().path("", get(gigabyte), "gigabyte");
    let site = TestSite::new(Site::new().urls(urls)).await;
    let server = site.live().await;
    let before = peak_memory();
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut piece = vec![0; 256 * 1024];
    let mut came = 0;
    loop {
        match stream.read(&mut piece).await.unwrap() {
            0 => break,
            count => came += count,
        }
    }
    assert!(came > PIECE * PIECES);
    let grown = peak_memory().saturating_sub(before);
    assert!(grown < 8 * 1024, "{grown} KiB");
}
