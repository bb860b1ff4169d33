//! Content types by the ending of a name.

/// What a file is, by the ending of its name; bytes of no known kind when nothing else is known.
///
/// ```
/// use nuages_web::guess_content_type;
///
/// assert_eq!(guess_content_type("css/site.css"), "text/css");
/// assert_eq!(guess_content_type("data.tar.gz"), "application/gzip");
/// assert_eq!(guess_content_type("what"), "application/octet-stream");
/// ```
///
/// # Django
/// `mimetypes.guess_type` as `FileResponse` uses it: a compressed file is what it is compressed with, so
/// that no browser unpacks it unasked.
pub fn guess_content_type(name: &str) -> &'static str {
    let name = name.rsplit('/').next().unwrap_or(name);
    // A dot at the beginning hides a file and begins no ending.
    let Some((stem, ending)) = name.rsplit_once('.') else {
        return UNKNOWN;
    };
    if stem.chars().all(|c| c == '.') {
        return UNKNOWN;
    }
    if let Some(found) = compressed(ending) {
        return found;
    }
    let ending = ending.to_ascii_lowercase();
    let is_of = |(_, endings): &&(&str, &[&str])| endings.contains(&ending.as_str());
    TYPES.iter().find(is_of).map_or(UNKNOWN, |(found, _)| found)
}

const UNKNOWN: &str = "application/octet-stream";

/// What a file is compressed with; `.Z` is one with its capital only.
fn compressed(ending: &str) -> Option<&'static str> {
    Some(match ending {
        "Z" => "application/x-compress",
        "gz" | "tgz" | "taz" | "tz" | "svgz" => "application/gzip",
        "bz2" | "tbz2" => "application/x-bzip",
        "xz" | "txz" => "application/x-xz",
        "br" => "application/x-brotli",
        _ => return None,
    })
}

/// The types with the endings that stand for them, as they are registered or common on Unix.
#[rustfmt::skip]
const TYPES: &[(&str, &[&str])] = &[
    ("application/ODA", &["oda"]),
    ("application/atom+xml", &["atom"]),
    ("application/epub+zip", &["epub"]),
    ("application/geo+json", &["geojson"]),
    ("application/java-archive", &["jar"]),
    ("application/json", &["json"]),
    ("application/ld+json", &["jsonld"]),
    ("application/manifest+json", &["webmanifest"]),
    ("application/msword", &["doc"]),
    ("application/n-quads", &["nq"]),
    ("application/n-triples", &["nt"]),
    ("application/octet-stream", &["bin", "so"]),
    ("application/ogg", &["ogx"]),
    ("application/pdf", &["pdf"]),
    ("application/pkcs12", &["p12", "pfx"]),
    ("application/pkcs7-mime", &["p7c"]),
    ("application/postscript", &["ai", "eps", "ps"]),
    ("application/rdf+xml", &["rdf"]),
    ("application/rtf", &["rtf"]),
    ("application/sql", &["sql"]),
    ("application/toml", &["toml"]),
    ("application/trig", &["trig"]),
    ("application/vnd.adobe.flash.movie", &["swf"]),
    ("application/vnd.android.package-archive", &["apk"]),
    ("application/vnd.apple.mpegurl", &["m3u8"]),
    ("application/vnd.debian.binary-package", &["deb"]),
    ("application/vnd.google-earth.kml+xml", &["kml"]),
    ("application/vnd.google-earth.kmz", &["kmz"]),
    ("application/vnd.mif", &["mif"]),
    ("application/vnd.ms-excel", &["xlb", "xls"]),
    ("application/vnd.ms-excel.sheet.macroEnabled.12", &["xlsm"]),
    ("application/vnd.ms-fontobject", &["eot"]),
    ("application/vnd.ms-powerpoint", &["pps", "ppt"]),
    ("application/vnd.ms-powerpoint.presentation.macroEnabled.12", &["pptm"]),
    ("application/vnd.ms-word.document.macroEnabled.12", &["docm"]),
    ("application/vnd.oasis.opendocument.base", &["odb"]),
    ("application/vnd.oasis.opendocument.chart", &["odc"]),
    ("application/vnd.oasis.opendocument.formula", &["odf"]),
    ("application/vnd.oasis.opendocument.graphics", &["odg"]),
    ("application/vnd.oasis.opendocument.image", &["odi"]),
    ("application/vnd.oasis.opendocument.presentation", &["odp"]),
    ("application/vnd.oasis.opendocument.presentation-template", &["otp"]),
    ("application/vnd.oasis.opendocument.spreadsheet", &["ods"]),
    ("application/vnd.oasis.opendocument.spreadsheet-template", &["ots"]),
    ("application/vnd.oasis.opendocument.text", &["odt"]),
    ("application/vnd.oasis.opendocument.text-master", &["odm"]),
    ("application/vnd.oasis.opendocument.text-template", &["ott"]),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", &["pptx"]),
    ("application/vnd.openxmlformats-officedocument.presentationml.slideshow", &["ppsx"]),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx"]),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.template", &["xltx"]),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"]),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.template", &["dotx"]),
    ("application/vnd.rar", &["rar"]),
    ("application/vnd.visio", &["vsd"]),
    ("application/wasm", &["wasm"]),
    ("application/wsdl+xml", &["wsdl"]),
    ("application/x-7z-compressed", &["7z"]),
    ("application/x-apple-diskimage", &["dmg"]),
    ("application/x-bcpio", &["bcpio"]),
    ("application/x-bittorrent", &["torrent"]),
    ("application/x-cdf", &["cdf"]),
    ("application/x-cpio", &["cpio"]),
    ("application/x-dvi", &["dvi"]),
    ("application/x-gtar", &["gtar"]),
    ("application/x-hdf", &["hdf"]),
    ("application/x-httpd-php", &["php"]),
    ("application/x-iso9660-image", &["iso"]),
    ("application/x-latex", &["latex"]),
    ("application/x-lha", &["lha"]),
    ("application/x-lzh", &["lzh"]),
    ("application/x-msdos-program", &["bat", "com", "dll", "exe"]),
    ("application/x-msi", &["msi"]),
    ("application/x-netcdf", &["nc"]),
    ("application/x-python-code", &["pyc", "pyo"]),
    ("application/x-redhat-package-manager", &["rpm"]),
    ("application/x-rss+xml", &["rss"]),
    ("application/x-ruby", &["rb"]),
    ("application/x-shar", &["shar"]),
    ("application/x-sv4cpio", &["sv4cpio"]),
    ("application/x-sv4crc", &["sv4crc"]),
    ("application/x-tar", &["tar"]),
    ("application/x-texinfo", &["texi", "texinfo"]),
    ("application/x-troff-man", &["man"]),
    ("application/x-troff-me", &["me"]),
    ("application/x-troff-ms", &["ms"]),
    ("application/x-ustar", &["ustar"]),
    ("application/x-wais-source", &["src"]),
    ("application/xhtml+xml", &["xht", "xhtml"]),
    ("application/xml", &["xml"]),
    ("application/xml-dtd", &["dtd"]),
    ("application/xslt+xml", &["xsl", "xslt"]),
    ("application/yaml", &["yaml", "yml"]),
    ("application/zip", &["zip"]),
    ("audio/3gpp", &["3gp"]),
    ("audio/3gpp2", &["3g2"]),
    ("audio/aac", &["aac", "adts"]),
    ("audio/basic", &["au", "snd"]),
    ("audio/flac", &["flac"]),
    ("audio/matroska", &["mka"]),
    ("audio/midi", &["midi"]),
    ("audio/mp4", &["m4a"]),
    ("audio/mpeg", &["mp2", "mp3"]),
    ("audio/mpegurl", &["m3u"]),
    ("audio/ogg", &["oga", "ogg", "opus", "spx"]),
    ("audio/sp-midi", &["mid"]),
    ("audio/webm", &["weba"]),
    ("audio/x-aiff", &["aif", "aifc", "aiff"]),
    ("audio/x-pn-realaudio", &["ra", "ram"]),
    ("audio/x-wav", &["wav"]),
    ("font/collection", &["ttc"]),
    ("font/otf", &["otf"]),
    ("font/ttf", &["ttf"]),
    ("font/woff", &["woff"]),
    ("font/woff2", &["woff2"]),
    ("image/avif", &["avif"]),
    ("image/bmp", &["bmp"]),
    ("image/emf", &["emf"]),
    ("image/fits", &["fits"]),
    ("image/g3fax", &["g3"]),
    ("image/gif", &["gif"]),
    ("image/heic", &["heic"]),
    ("image/heif", &["heif"]),
    ("image/ief", &["ief"]),
    ("image/jp2", &["jp2"]),
    ("image/jpeg", &["jpe", "jpeg", "jpg"]),
    ("image/jpm", &["jpm"]),
    ("image/jpx", &["jpx"]),
    ("image/png", &["png"]),
    ("image/svg+xml", &["svg"]),
    ("image/t38", &["t38"]),
    ("image/tiff", &["tif", "tiff"]),
    ("image/tiff-fx", &["tfx"]),
    ("image/vnd.adobe.photoshop", &["psd"]),
    ("image/vnd.djvu", &["djvu"]),
    ("image/vnd.microsoft.icon", &["ico"]),
    ("image/webp", &["webp"]),
    ("image/wmf", &["wmf"]),
    ("image/x-cmu-raster", &["ras"]),
    ("image/x-portable-anymap", &["pnm"]),
    ("image/x-portable-bitmap", &["pbm"]),
    ("image/x-portable-graymap", &["pgm"]),
    ("image/x-portable-pixmap", &["ppm"]),
    ("image/x-rgb", &["rgb"]),
    ("image/x-xbitmap", &["xbm"]),
    ("image/x-xpixmap", &["xpm"]),
    ("image/x-xwindowdump", &["xwd"]),
    ("message/rfc822", &["eml"]),
    ("model/gltf+json", &["gltf"]),
    ("model/gltf-binary", &["glb"]),
    ("model/stl", &["stl"]),
    ("text/SGML", &["sgm", "sgml"]),
    ("text/calendar", &["ics", "ifb"]),
    ("text/css", &["css"]),
    ("text/csv", &["csv"]),
    ("text/html", &["htm", "html"]),
    ("text/javascript", &["js", "mjs"]),
    ("text/markdown", &["markdown", "md"]),
    ("text/n3", &["n3"]),
    ("text/plain", &["ksh", "log", "pot", "srt", "text", "txt"]),
    ("text/prs.fallenstein.rst", &["rst"]),
    ("text/richtext", &["rtx"]),
    ("text/tab-separated-values", &["tsv"]),
    ("text/troff", &["roff", "t", "tr"]),
    ("text/vcard", &["vcf"]),
    ("text/vnd.a", &["a"]),
    ("text/vnd.graphviz", &["dot"]),
    ("text/vtt", &["vtt"]),
    ("text/x-chdr", &["h"]),
    ("text/x-csh", &["csh"]),
    ("text/x-csrc", &["c"]),
    ("text/x-diff", &["diff", "patch"]),
    ("text/x-java", &["java"]),
    ("text/x-perl", &["pl"]),
    ("text/x-python", &["py"]),
    ("text/x-setext", &["etx"]),
    ("text/x-sh", &["sh"]),
    ("text/x-tcl", &["tcl"]),
    ("text/x-tex", &["tex"]),
    ("video/mp4", &["m4v", "mp4"]),
    ("video/mpeg", &["m1v", "mpa", "mpe", "mpeg", "mpg"]),
    ("video/ogg", &["ogv"]),
    ("video/quicktime", &["mov", "qt"]),
    ("video/webm", &["webm"]),
    ("video/x-matroska", &["mkv"]),
    ("video/x-ms-wmv", &["wmv"]),
    ("video/x-msvideo", &["avi"]),
    ("video/x-sgi-movie", &["movie"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_ending_stands_once() {
        let mut endings: Vec<&str> = TYPES
            .iter()
            .flat_map(|(_, endings)| *endings)
            .copied()
            .collect();
        let count = endings.len();
        endings.sort_unstable();
        endings.dedup();
        assert_eq!(endings.len(), count);
    }

    #[test]
    fn hidden_and_nameless_files_are_of_no_known_kind() {
        for name in [
            "",
            ".",
            ".html",
            "..html",
            "a/.css",
            "x.",
            "html",
            "x.nothing",
        ] {
            assert_eq!(guess_content_type(name), UNKNOWN, "{name}");
        }
        assert_eq!(guess_content_type("a.b/c.TXT"), "text/plain");
        assert_eq!(guess_content_type("page.html.gz"), "application/gzip");
    }
}
