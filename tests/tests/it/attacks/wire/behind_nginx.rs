//! W1 to W5 behind nginx: what the two of them read differently.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::raw::exchange;
use super::target::Target;

/// An nginx of our own in front of a target, stopped when it is dropped.
struct Nginx {
    child: Child,
    folder: PathBuf,
    port: u16,
}

impl Nginx {
    /// `None` when there is no nginx.
    async fn start(upstream: std::net::SocketAddr) -> Option<Self> {
        let program = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"];
        let program = program.iter().find(|path| Path::new(path).exists())?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .unwrap()
            .port();
        let folder =
            std::env::temp_dir().join(format!("nuages-nginx-{}-{port}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let config = format!(
            "daemon off; master_process off; error_log stderr crit; pid {0}/pid;\n\
             events {{ worker_connections 64; }}\n\
             http {{ access_log off; client_body_temp_path {0}/b; proxy_temp_path {0}/p;\n\
             fastcgi_temp_path {0}/f; uwsgi_temp_path {0}/u; scgi_temp_path {0}/s;\n\
             upstream site {{ server {upstream}; keepalive 4; }}\n\
             server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://site;\n\
             proxy_http_version 1.1; proxy_set_header Connection \"\"; proxy_set_header Host localhost;\n\
             proxy_request_buffering off; }} }} }}\n",
            folder.display()
        );
        let file = folder.join("nginx.conf");
        std::fs::write(&file, config).unwrap();
        let child = Command::new(program)
            .arg("-p")
            .arg(&folder)
            .arg("-c")
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let nginx = Self {
            child,
            folder,
            port,
        };
        for _ in 0..100 {
            if tokio::net::TcpStream::connect(nginx.address())
                .await
                .is_ok()
            {
                return Some(nginx);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        None
    }

    fn address(&self) -> std::net::SocketAddr {
        ([127, 0, 0, 1], self.port).into()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

const HIDDEN: &str = "GET /admin/ HTTP/1.1\r\nHost: localhost\r\n\r\n";

#[tokio::test]
async fn w1_to_w5_nothing_is_smuggled_through_nginx() {
    let target = Target::new().await;
    let Some(nginx) = Nginx::start(target.server.address()).await else {
        return nuages_tests::skip(
            "w1_to_w5_nothing_is_smuggled_through_nginx",
            "there is no nginx",
        );
    };
    let post = |headers: &str, body: &str| {
        format!("POST /ok/ HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\n{body}")
    };
    let inner = format!("0\r\n\r\n{HIDDEN}");
    let whole = format!("Content-Length: {}", inner.len());
    let attacks = [
        post(&format!("{whole}\r\nTransfer-Encoding: chunked"), &inner),
        post(&format!("{whole}\r\nTransfer-Encoding: xchunked"), &inner),
        post(&format!("{whole}\r\nTransfer-Encoding : chunked"), &inner),
        post("Transfer-Encoding: chunked, identity", &inner),
        post(&format!("Content-Length: 0\r\n{whole}"), &inner),
        post("Content-Length: +44", HIDDEN),
        post(
            "Transfer-Encoding: chunked",
            &format!("fffffffffffffffff\r\n{inner}"),
        ),
        post(&whole, &inner),
    ];
    for attack in attacks {
        let answer = exchange(nginx.address(), &attack).await;
        assert_eq!(answer.statuses().len(), 1, "{attack}\n{}", answer.text);
        assert_eq!(target.admin(), 0, "{attack}");
        // Nothing was left in the connection that nginx keeps to us.
        let next = exchange(
            nginx.address(),
            "GET /ok/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        )
        .await;
        assert!(next.text.ends_with("ok"), "{attack}\n{}", next.text);
    }
    let honest = exchange(nginx.address(), HIDDEN).await;
    assert_eq!((honest.statuses(), target.admin()), (vec![200], 1));
}
