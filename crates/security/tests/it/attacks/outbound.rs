//! H11: URLs of visitors that lead into the server's own network, asked by a fetcher over real sockets.

use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};

use nuages_security::outbound::{ForbiddenUrl, PublicUrl, Whence, is_public};
use url::Url;

const WRITTEN: ForbiddenUrl = ForbiddenUrl::Address(Whence::Written);
const RESOLVED: ForbiddenUrl = ForbiddenUrl::Address(Whence::Resolved);

/// A service of the inner network, on this machine.
fn inner() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

/// True when nobody has come.
fn untouched(listener: &TcpListener) -> bool {
    listener.set_nonblocking(true).unwrap();
    listener.accept().is_err()
}

/// A preview that asks what the guard lets pass, at the addresses that it gives.
fn guarded(text: &str) -> Result<(), ForbiddenUrl> {
    let url = PublicUrl::parse(text)?;
    let found = (url.host(), url.port()).to_socket_addrs();
    let addresses = url.addresses(found.into_iter().flatten())?;
    drop(TcpStream::connect(&*addresses));
    Ok(())
}

/// A preview that asks whatever a careful look at the text lets pass.
fn careless(text: &str) -> Option<TcpStream> {
    let url = Url::parse(text).ok()?;
    let host = url.host_str()?.trim_matches(['[', ']']).to_owned();
    TcpStream::connect((host, url.port()?)).ok()
}

/// Every spelling of this machine.
fn spellings(port: u16) -> Vec<String> {
    [
        "127.0.0.1",
        "127.1",
        "0177.0.0.1",
        "0x7f.1",
        "2130706433",
        "127.0.0.1.",
        "１２７.0.0.1",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "a.localhost",
        "0.0.0.0",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:7f00:1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
    ]
    .map(|host| format!("http://{host}:{port}/"))
    .to_vec()
}

#[test]
fn h11_x11_cve_2021_33571_no_spelling_of_this_machine_is_asked() {
    let (listener, port) = inner();
    for url in spellings(port) {
        assert_eq!(guarded(&url), Err(WRITTEN), "{url}");
    }
    assert!(untouched(&listener));
}

#[test]
fn h11_pair_whoever_compares_the_text_alone_is_led_inside() {
    let (_listener, port) = inner();
    let reached = |url: &&String| !url.contains("//127.0.0.1:") && careless(url).is_some();
    assert!(spellings(port).iter().filter(reached).count() >= 5);
}

#[test]
fn h11_addresses_that_are_not_public_are_refused_as_they_are_written() {
    for host in [
        "169.254.169.254",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "100.64.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "255.255.255.255",
        "[fe80::1]",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[ff02::1]",
        "[2001:db8::1]",
        "[2001::1]",
        "[2002:7f00:1::]",
        "[3fff::1]",
        "[::10.0.0.1]",
        "[64:ff9b:1::1]",
    ] {
        assert_eq!(guarded(&format!("https://{host}/")), Err(WRITTEN), "{host}");
    }
}

#[test]
fn h11_a_public_name_that_stands_for_an_inner_address_is_refused_after_it_was_looked_up() {
    let url = PublicUrl::parse("https://rebind.example.com/").unwrap();
    let at = |text: &str| SocketAddr::new(text.parse::<IpAddr>().unwrap(), url.port());
    let public = at("93.184.215.14");
    for inner in [
        "10.0.0.1",
        "::ffff:10.0.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "fd00::1",
    ] {
        // One among public ones is enough.
        assert_eq!(url.addresses([public, at(inner)]), Err(RESOLVED), "{inner}");
        assert!(!is_public(inner.parse().unwrap()));
    }
    assert_eq!(url.addresses([]), Err(ForbiddenUrl::Unknown));
    assert_eq!(
        url.addresses([public, at("2606:4700::1111")])
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn h11_cve_2011_4137_cve_2011_4138_a_redirect_is_judged_like_the_first_url() {
    let url = PublicUrl::parse("https://example.com/a/b").unwrap();
    for (location, why) in [
        ("file:///etc/passwd", ForbiddenUrl::Scheme),
        ("gopher://example.com/", ForbiddenUrl::Scheme),
        ("http://127.1/", WRITTEN),
        ("//169.254.169.254/latest/meta-data/", WRITTEN),
        ("https://example.com@10.0.0.1/", ForbiddenUrl::UserName),
        ("https://exa\tmple.com/", ForbiddenUrl::Malformed),
        ("\\\\10.0.0.1/", ForbiddenUrl::Malformed),
    ] {
        assert_eq!(url.join(location), Err(why), "{location}");
    }
    assert_eq!(url.join("c").unwrap().as_str(), "https://example.com/a/c");
}

#[test]
fn h11_pair_a_fetcher_that_follows_redirects_unasked_is_led_inside() {
    let (inside, port) = inner();
    let (outside, door) = inner();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = outside.accept().unwrap();
        let answer = format!("HTTP/1.1 302 Found\r\nLocation: http://127.1:{port}/\r\n\r\n");
        stream.write_all(answer.as_bytes()).unwrap();
    });
    let mut answer = String::new();
    let mut stream = TcpStream::connect(("127.0.0.1", door)).unwrap();
    stream.read_to_string(&mut answer).unwrap();
    server.join().unwrap();
    let location = answer
        .lines()
        .find_map(|line| line.strip_prefix("Location: "))
        .unwrap();

    // The first server stands for a public one.
    let first = PublicUrl::parse("http://example.com/").unwrap();
    assert_eq!(first.join(location), Err(WRITTEN));
    assert!(untouched(&inside));
    assert!(careless(location).is_some());
    assert!(!untouched(&inside));
}

#[test]
fn h11_what_leads_to_the_public_internet_is_taken() {
    for (text, host, port) in [
        ("https://example.com/", "example.com", 443),
        ("http://EXAMPLE.com:8080/a?b#c", "example.com", 8080),
        ("https://bücher.example/", "xn--bcher-kva.example", 443),
        ("http://93.184.215.14/", "93.184.215.14", 80),
        ("https://[2606:4700::1111]/", "2606:4700::1111", 443),
        (
            "https://localhost.example.com/",
            "localhost.example.com",
            443,
        ),
    ] {
        let url = PublicUrl::parse(text).unwrap();
        assert_eq!((url.host(), url.port()), (host, port), "{text}");
    }
    for text in [
        "",
        "example.com",
        "/a",
        "http://",
        "http:// example.com/",
        &format!("http://a.com/{}", "a".repeat(2048)),
    ] {
        assert_eq!(
            PublicUrl::parse(text),
            Err(ForbiddenUrl::Malformed),
            "{text}"
        );
    }
}
