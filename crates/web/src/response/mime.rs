//! Content types by the ending of a name.

/// What a file is, by the ending of its name; bytes of no known kind when nothing else is known.
///
/// ```
/// use nuages_web::guess_content_type;
///
/// assert_eq!(guess_content_type("css/site.css"), "text/css; charset=utf-8");
/// assert_eq!(guess_content_type("data.tar.gz"), "application/gzip");
/// assert_eq!(guess_content_type("what"), "application/octet-stream");
/// ```
///
/// # Django
/// `mimetypes.guess_type` as `FileResponse` uses it; text is UTF-8 here.
pub fn guess_content_type(name: &str) -> &'static str {
    let ending = name
        .rsplit(['/', '\\'])
        .next()
        .and_then(|name| name.rsplit_once('.'));
    let ending = ending.map_or("", |(_, ending)| ending).to_ascii_lowercase();
    match ending.as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "txt" | "log" | "text" => "text/plain; charset=utf-8",
        "md" => "text/markdown; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "ics" => "text/calendar; charset=utf-8",
        "xml" => "text/xml; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "gz" => "application/gzip",
        "bz2" => "application/x-bzip",
        "xz" => "application/x-xz",
        "br" => "application/x-brotli",
        "tar" => "application/x-tar",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "svg" => "image/svg+xml",
        "ico" => "image/vnd.microsoft.icon",
        "bmp" => "image/bmp",
        "tif" | "tiff" => "image/tiff",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        "wav" => "audio/x-wav",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        _ => "application/octet-stream",
    }
}
