//! T8, CVE-2013-4315, CVE-2021-33203: names that lead out of the template folders.

use std::fs;
use std::path::Path;

use nuages_template::{Engine, FileSystemLoader, MemoryLoader, NoServices, context};

const HOSTILE: &[&str] = &[
    "../secret.html",
    "../../secret.html",
    "inside/../../secret.html",
    "./../secret.html",
    "..",
    "../",
    ".",
    "",
    "/etc/passwd",
    "//etc/passwd",
    "file:///etc/passwd",
    "..\\secret.html",
    "C:\\secret.html",
    "C:secret.html",
    "page.html\0.txt",
    "\0",
    "page.html/",
    "page.html/../../secret.html",
    "%2e%2e/secret.html",
    "inside/../page.html",
];

#[test]
fn t8_cve_2013_4315_names_that_leave_the_folder_are_not_found() {
    let root = std::env::temp_dir().join(format!("nuages-t8-{}", std::process::id()));
    let folder = root.join("templates");
    fs::create_dir_all(folder.join("inside")).unwrap();
    fs::write(root.join("secret.html"), "SECRET").unwrap();
    fs::write(folder.join("page.html"), "page").unwrap();
    fs::write(folder.join("inside/part.html"), "part").unwrap();
    let engine = Engine::builder()
        .loader(FileSystemLoader::new([&folder]))
        .build();
    let absolute = root.join("secret.html").to_str().unwrap().to_owned();
    for name in HOSTILE.iter().copied().chain([absolute.as_str()]) {
        assert!(
            engine.get_template(name).unwrap_err().is_not_found(),
            "{name:?}"
        );
        for source in [
            "{% include name %}",
            "{% extends name %}",
            "{% include name|add:'' %}",
        ] {
            let page = engine.from_str(source).unwrap();
            let result = page.render(&context! { name: name }, &NoServices);
            assert!(result.is_err(), "{source} of {name:?}: {result:?}");
        }
        let literal = format!("{{% include \"{}\" %}}", name.replace('\\', "\\\\"));
        let result = engine
            .from_str(&literal)
            .and_then(|page| page.render(&context! {}, &NoServices));
        assert!(result.is_err(), "{name:?}: {result:?}");
    }
    // The pair: the file is there, and a good name is found.
    assert_eq!(
        fs::read_to_string(folder.join("../secret.html")).unwrap(),
        "SECRET"
    );
    let page = engine.from_str("{% include name %}").unwrap();
    assert_eq!(
        page.render(&context! { name: "inside/part.html" }, &NoServices)
            .unwrap(),
        "part"
    );
    fs::remove_dir_all(&root).unwrap();
}

#[test]
fn t8_no_loader_is_even_asked_for_a_hostile_name() {
    let engine = Engine::builder()
        .loader(MemoryLoader::new(
            HOSTILE.iter().map(|name| (*name, "SECRET")),
        ))
        .build();
    for name in HOSTILE
        .iter()
        .filter(|name| !name.starts_with('%') && **name != "file:///etc/passwd")
    {
        assert!(
            engine.get_template(name).unwrap_err().is_not_found(),
            "{name:?}"
        );
    }
}

/// The loader of a careless site: it joins whatever it is told.
#[test]
fn t8_pair_a_path_that_is_only_joined_leads_out() {
    let root = std::env::temp_dir().join(format!("nuages-t8-pair-{}", std::process::id()));
    let folder = root.join("templates");
    fs::create_dir_all(&folder).unwrap();
    fs::write(root.join("secret.html"), "SECRET").unwrap();
    let careless = |name: &str| fs::read_to_string(folder.join(name)).ok();
    let engine = Engine::builder()
        .loader(FileSystemLoader::new([&folder]))
        .build();
    let absolute = root.join("secret.html").to_str().unwrap().to_owned();
    for name in ["../secret.html", "./../secret.html", absolute.as_str()] {
        assert_eq!(careless(name).as_deref(), Some("SECRET"), "{name}");
        assert!(engine.get_template(name).is_err(), "{name}");
    }
    fs::remove_dir_all(&root).unwrap();
}

#[cfg(unix)]
#[test]
fn t8_a_link_out_of_the_folder_is_not_followed() {
    let root = std::env::temp_dir().join(format!("nuages-t8-link-{}", std::process::id()));
    let folder = root.join("templates");
    fs::create_dir_all(&folder).unwrap();
    fs::write(root.join("secret.html"), "SECRET").unwrap();
    std::os::unix::fs::symlink(root.join("secret.html"), folder.join("out.html")).unwrap();
    std::os::unix::fs::symlink(Path::new("/etc"), folder.join("etc")).unwrap();
    let engine = Engine::builder()
        .loader(FileSystemLoader::new([&folder]))
        .build();
    assert!(engine.get_template("out.html").unwrap_err().is_not_found());
    assert!(
        engine
            .get_template("etc/passwd")
            .unwrap_err()
            .is_not_found()
    );
    assert_eq!(
        fs::read_to_string(folder.join("out.html")).unwrap(),
        "SECRET"
    );
    fs::remove_dir_all(&root).unwrap();
}
