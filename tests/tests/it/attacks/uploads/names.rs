//! U6: the names that clients give to files.

use super::target::{Target, file};

#[tokio::test]
async fn u6_cve_2021_31542_a_name_leads_into_no_folder() {
    let target = Target::new().await;
    for name in [
        "/tmp/hax0rd.txt",
        "C:\\\\Windows\\\\hax0rd.txt",
        "C:/Windows/hax0rd.txt",
        "\\\\tmp\\\\hax0rd.txt",
        "../../hax0rd.txt",
        "..\\\\..\\\\hax0rd.txt",
        "subdir/hax0rd.txt",
        "../hax0rd.txt",
        "&#x2F;tmp&#x2F;hax0rd.txt",
        "..&#x2F;hax0rd.txt",
        "..&sol;hax0rd.txt",
        "..&bsol;hax0rd.txt",
        "&lt;hax0rd&gt;/hax0rd.txt",
    ] {
        let answer = target.post("/echo/", &[file(name, "x")]).await;
        assert_eq!(
            answer.text(),
            "file file \"hax0rd.txt\" 1 memory\n",
            "{name}"
        );
    }
}

#[tokio::test]
async fn u6_a_name_of_which_nothing_is_left_is_no_file() {
    let target = Target::new().await;
    for name in ["/tmp/", "/tmp/.", "/tmp/..", "..", ".", "\u{200b}", "a/"] {
        let answer = target.post("/echo/", &[file(name, "x")]).await;
        assert_eq!(answer.text(), "", "{name:?}");
    }
}

#[tokio::test]
async fn u6_stored_names_are_visible_and_short() {
    let target = Target::new().await;
    for (name, stored) in [
        ("a\u{202e}gpj.exe".to_owned(), "in/agpj.exe"),
        ("a.php%00.jpg".to_owned(), "in/a.php00.jpg"),
        ("con.txt".to_owned(), "in/con.txt"),
        ("a b;c|d$e.txt".to_owned(), "in/a_bcde.txt"),
        ("<script>.txt".to_owned(), "in/script.txt"),
    ] {
        let answer = target.post("/keep/", &[file(&name, "x")]).await;
        assert_eq!(answer.text(), stored, "{name:?}");
    }
    let long = format!("{}.txt", "a".repeat(600));
    let answer = target.post("/keep/", &[file(&long, "x")]).await;
    let stored = answer.text();
    assert!(
        stored.ends_with("aaa.txt") && stored.len() <= 255 + 3,
        "{stored}"
    );
    // All of them are where they belong.
    let media = target.folder.media();
    assert!(
        target
            .folder
            .files()
            .iter()
            .all(|path| path.starts_with(&media))
    );
}
