//! Loading templates from folders: order, reloading, links that lead out.

use std::fs;
use std::path::{Path, PathBuf};

use nuages_template::{Engine, FileSystemLoader, MemoryLoader, NoServices, context};

/// A folder that is gone after the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("nuages-template-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).unwrap();
        fs::write(path, text).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn render(engine: &Engine, name: &str) -> String {
    engine
        .get_template(name)
        .unwrap()
        .render(&context! {}, &NoServices)
        .unwrap()
}

#[test]
fn the_first_place_with_the_template_wins_and_may_extend_the_next() {
    let (first, second) = (Folder::new("first"), Folder::new("second"));
    first.write(
        "a/page.html",
        "{% extends 'a/page.html' %}{% block b %}1{{ block.super }}{% endblock %}",
    );
    second.write("a/page.html", "<{% block b %}2{% endblock %}>");
    second.write("only.html", "only");
    let engine = Engine::builder()
        .loader(FileSystemLoader::new([&first.0, &second.0]))
        .loader(MemoryLoader::new([
            ("only.html", "never"),
            ("memory.html", "memory"),
        ]))
        .build();
    assert_eq!(render(&engine, "a/page.html"), "<12>");
    assert_eq!(render(&engine, "only.html"), "only");
    assert_eq!(render(&engine, "memory.html"), "memory");
    assert!(engine.get_template("a").unwrap_err().is_not_found());
    assert_eq!(
        engine
            .select_template(&["none.html", "only.html"])
            .unwrap()
            .name(),
        "only.html"
    );
}

#[test]
fn a_changed_file_is_compiled_anew_in_debug_mode_only() {
    let folder = Folder::new("changed");
    folder.write("page.html", "old");
    let engine = |debug| {
        Engine::builder()
            .loader(FileSystemLoader::new([&folder.0]))
            .debug(debug)
            .build()
    };
    let (lazy, eager) = (engine(false), engine(true));
    assert_eq!(
        (render(&lazy, "page.html"), render(&eager, "page.html")),
        ("old".into(), "old".into())
    );
    folder.write("page.html", "new");
    let later = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(4_000_000_000);
    fs::File::options()
        .write(true)
        .open(folder.0.join("page.html"))
        .unwrap()
        .set_modified(later)
        .unwrap();
    assert_eq!(
        (render(&lazy, "page.html"), render(&eager, "page.html")),
        ("old".into(), "new".into())
    );
    lazy.clear_cache();
    assert_eq!(render(&lazy, "page.html"), "new");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_out_of_the_folder_is_not_followed() {
    let (inside, outside) = (Folder::new("inside"), Folder::new("outside"));
    outside.write("secret.html", "secret");
    inside.write("page.html", "page");
    std::os::unix::fs::symlink(outside.0.join("secret.html"), inside.0.join("out.html")).unwrap();
    std::os::unix::fs::symlink(inside.0.join("page.html"), inside.0.join("in.html")).unwrap();
    let engine = Engine::builder()
        .loader(FileSystemLoader::new([&inside.0]))
        .build();
    assert!(engine.get_template("out.html").unwrap_err().is_not_found());
    assert_eq!(render(&engine, "in.html"), "page");
    // Without the check it would be read: the link itself is good.
    assert_eq!(
        fs::read_to_string(inside.0.join("out.html")).unwrap(),
        "secret"
    );
}

#[test]
fn an_error_in_an_included_template_names_that_template() {
    let engine = Engine::builder()
        .loader(MemoryLoader::new([
            ("page.html", "1\n{% include 'part.html' %}"),
            ("part.html", "a\nb {{ x|divisibleby:0 }}"),
            ("gone.html", "\n  {% include 'none.html' %}"),
        ]))
        .build();
    let fail = |name: &str| {
        engine
            .get_template(name)
            .unwrap()
            .render(&context! { x: 1 }, &NoServices)
            .unwrap_err()
    };
    let error = fail("page.html");
    assert_eq!(
        (error.template(), error.line(), error.column()),
        (Some("part.html"), Some(2), Some(3))
    );
    assert!(
        format!("{error:#}").contains("   2 | b {{ x|divisibleby:0 }}\n     |   ^"),
        "{error:#}"
    );
    let error = fail("gone.html");
    assert!(error.is_not_found());
    assert_eq!(
        (error.template(), error.line(), error.column()),
        (Some("gone.html"), Some(2), Some(3))
    );
}
