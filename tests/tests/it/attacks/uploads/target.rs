//! The site that takes uploads: it tells what it got, and keeps files in a folder beside a secret.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use nuages::prelude::*;
use nuages::testing::{Client, TestResponse, TestSite};
use nuages::web::{FileSystemStorage, Files, serve_files};

/// What must never be served.
pub(super) const CANARY: &str = "the canary beside the folder";

/// A folder of its own for each test, gone with it.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::SeqCst);
        let name = format!("nuages-uploads-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(folder.join("media")).unwrap();
        std::fs::create_dir_all(folder.join("temporary")).unwrap();
        std::fs::write(folder.join("canary.txt"), CANARY).unwrap();
        Self(folder)
    }

    pub(super) fn media(&self) -> PathBuf {
        self.0.join("media")
    }

    pub(super) fn temporary(&self) -> PathBuf {
        self.0.join("temporary")
    }

    /// Every file below, but the canary.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        collect(&self.0, &mut found);
        found.retain(|path| !path.ends_with("canary.txt"));
        found
    }
}

fn collect(folder: &std::path::Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else {
            found.push(path);
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A site that takes uploads.
pub(super) struct Target {
    pub(super) site: TestSite,
    pub(super) folder: Folder,
}

impl Target {
    pub(super) async fn new() -> Self {
        Self::with(|_| ()).await
    }

    pub(super) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let folder = Folder::new();
        let files = Files::new(FileSystemStorage::new(folder.media(), "/media/"));
        let urls = Urls::new()
            .path("echo/", post(echo).csrf_exempt(), "echo")
            .path("json/", post(json).csrf_exempt(), "json")
            .path("raw/", post(raw).csrf_exempt(), "raw")
            .path("keep/", post(keep).csrf_exempt(), "keep")
            .path("media/<path:name>", serve_files(files.clone()), "media")
            .path("careless/<path:name>", get(careless), "careless");
        let temporary = folder.temporary().display().to_string();
        let site = TestSite::with(Site::new().urls(urls).with_files(files), |settings| {
            settings.set("file_upload_temp_dir", temporary).unwrap();
            change(settings);
        })
        .await;
        Self { site, folder }
    }

    pub(super) fn client(&self) -> Client {
        self.site.client()
    }

    /// Posts parts; each is its headers, an empty line, and its content.
    pub(super) async fn post(&self, path: &str, parts: &[Vec<u8>]) -> TestResponse {
        self.client().post(path).body(MULTIPART, body(parts)).await
    }
}

/// With the boundary that [`body`] uses.
pub(super) const MULTIPART: &str = "multipart/form-data; boundary=X";

/// The body of a form.
pub(super) fn body(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut body = Vec::new();
    for part in parts {
        body.extend_from_slice(b"--X\r\n");
        body.extend_from_slice(part);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--X--\r\n");
    body
}

/// A part that is a file.
pub(super) fn file(name: &str, content: impl AsRef<[u8]>) -> Vec<u8> {
    file_with(name, "", content)
}

/// A part that is a file, with more headers.
pub(super) fn file_with(name: &str, headers: &str, content: impl AsRef<[u8]>) -> Vec<u8> {
    let head = format!(
        "Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n{headers}\r\n"
    );
    [head.as_bytes(), content.as_ref()].concat()
}

/// Each field and file on a line of its own.
async fn echo(data: PostData) -> String {
    let mut text = String::new();
    for (name, value) in data.pairs() {
        let _ = writeln!(text, "field {name}={value}");
    }
    for (field, file) in data.files() {
        let place = if file.temporary_path().is_some() {
            "disk"
        } else {
            "memory"
        };
        let _ = writeln!(
            text,
            "file {field} {:?} {} {place}",
            file.name(),
            file.size()
        );
    }
    text
}

async fn json(Json(value): Json<serde_json::Value>) -> String {
    value.to_string().len().to_string()
}

async fn raw(body: nuages::web::RawBody) -> String {
    body.len().to_string()
}

/// Keeps a file, and answers with the name that it has.
async fn keep(files: Files, data: PostData) -> Result<String> {
    let Some(file) = data.file("file") else {
        return Ok("nothing".to_owned());
    };
    let name = files.generate_filename(&format!("in/{}", file.name()))?;
    Ok(files.save(&name, file).await?)
}

/// What a careless site does: whatever was uploaded is sent as what its name says.
async fn careless(files: Files, Path(name): Path<String>) -> Result<FileResponse> {
    let bytes = files.open(&name).await?.read().await?;
    Ok(FileResponse::of_bytes(&name, bytes))
}
