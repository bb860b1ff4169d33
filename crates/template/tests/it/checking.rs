//! All mistakes of a template, each once, with place, excerpt and hint.

use std::fs;

use nuages_template::{Context, Engine, ErrorKind, FolderCheck, Library, MemoryLoader, context};

/// Line, column, hint (or the beginning of the message) of each mistake.
fn check(source: &str, expect: &[(usize, usize, &str)]) {
    let found = Engine::default().check("page.html", source);
    let told: Vec<String> = found.iter().map(|error| format!("{error:#}")).collect();
    assert_eq!(found.len(), expect.len(), "{source}\n{}", told.join("\n"));
    for (error, (line, column, words)) in found.iter().zip(expect) {
        assert_eq!(error.template(), Some("page.html"));
        assert_eq!(
            (error.line(), error.column()),
            (Some(*line), Some(*column)),
            "{error:#}"
        );
        assert!(format!("{error:#}").contains(words), "{error:#}");
        assert!(error.excerpt().unwrap().contains('^'), "{error:#}");
        // What is said of one mistake alone is what compiling says of the first.
        assert!(error.kind() == ErrorKind::Syntax);
    }
    assert_eq!(
        Engine::default().from_str(source).is_err(),
        !expect.is_empty()
    );
}

#[test]
fn a_good_template_has_no_mistakes() {
    check(
        "{% load static i18n %}{% if a %}{{ b|upper }}{% else %}{% endif %}",
        &[],
    );
}

#[test]
fn every_mistake_is_found_and_none_twice() {
    check(
        "{{ a|uper }}\n  {{ b|lowr }}",
        &[
            (1, 1, "did you mean 'upper'"),
            (2, 3, "did you mean 'lower'"),
        ],
    );
    check(
        "{% fro a in b %}{% empty %}{% endfro %}{{ c|x }}",
        &[(1, 1, "did you mean 'for'"), (1, 40, "Invalid filter")],
    );
    check(
        "{% for a b %}{% empty %}{% endfor %}\n{{ }}",
        &[(1, 1, "for"), (2, 1, "Empty variable tag")],
    );
    check(
        "{% if a %}{% for b in c %}\n{{ d|zz }}",
        &[
            (2, 1, "Invalid filter"),
            (1, 11, "Unclosed tag on line 1: 'for'"),
        ],
    );
    check(
        "{% if a %}{% endfor %}{% endif %}{% endif %}",
        &[
            (1, 11, "expected 'elif', 'else' or 'endif'"),
            (1, 34, "endif"),
        ],
    );
    check(
        "{% block a %}{% endblock %}\n{% block a %}{% endblock %}",
        &[(2, 1, "a")],
    );
    check(
        "{% if (a %}{% elif b %}{% else %}{% endif %}{% now %}",
        &[(1, 1, "(a"), (1, 45, "now")],
    );
}

#[test]
fn a_library_that_is_not_known_is_told_once_with_the_one_that_was_meant() {
    check(
        "{% load sttic %}{% logo 1 %}{{ a|shiny }}{% static 'x' %}",
        &[(1, 1, "did you mean 'static'")],
    );
    check(
        "{% load mine %}{% box %}{% endbox %}{{ a| }}",
        &[(1, 1, "Must be one of"), (1, 37, "remainder")],
    );
    check(
        "{% load nothing from static %}",
        &[(1, 1, "not a valid tag or filter")],
    );
    check(
        "{{ a }}{% static 'x' %}",
        &[(1, 8, "add {% load static %}")],
    );
}

#[test]
fn a_library_can_be_taken_for_given() {
    let source = "{% load shop i18n %}{% basket %}{% endbasket %}{{ a|price }}{% translate 'x' %}{{ b| }}\n{% load other %}{% more %}";
    let told = |libraries: &[&str]| {
        let libraries: Vec<String> = libraries.iter().map(|name| (*name).to_owned()).collect();
        let found = Engine::default().check_assuming("page.html", source, &libraries);
        found
            .iter()
            .map(|error| error.message().chars().take(12).collect::<String>())
            .collect::<Vec<_>>()
    };
    assert_eq!(told(&[]), ["'shop' is no", "Could not pa", "'other' is n"]);
    assert_eq!(told(&["shop"]), ["Could not pa", "'other' is n"]);
    assert_eq!(told(&["shop", "other"]), ["Could not pa"]);
    assert_eq!(told(&["*"]), ["Could not pa"]);
    let found = Engine::default().check_assuming(
        "page.html",
        "{% checkmark %}{{ a|b }}",
        &["*".to_owned()],
    );
    assert!(found.is_empty());
    let error = Engine::default().from_str("{% load shop %}").err().unwrap();
    assert!(error.hint().unwrap().contains("--assume-library shop"));
}

#[test]
fn the_deepest_mistake_ends_the_search() {
    let found = Engine::default().check("deep.html", &"{% if a %}".repeat(100_000));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].kind(), ErrorKind::Depth);
}

#[test]
fn a_project_s_folder_is_checked_where_its_templates_are() {
    let root = std::env::temp_dir().join(format!("nuages-check-{}", std::process::id()));
    let write = |name: &str, text: &str| {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(
        "blog/templates/blog/post.html",
        "{% extends 'base.html' %}{% block main %}{{ post|lnebreaks }}{% endblock %}",
    );
    write("templates/base.html", "{% block main %}{% endblock %}");
    write("templates/mail/subject.txt", "{{ a }");
    write("templates/logo.png", "{% png");
    write("README.md", "{% not a template %}");
    write("node_modules/x/templates/y.html", "{% not ours %}");
    let found = FolderCheck::run(&Engine::default(), &root).unwrap();
    assert_eq!(found.templates(), 3);
    let [error] = found.mistakes() else {
        panic!("{:?}", found.mistakes())
    };
    assert_eq!(error.template(), Some("blog/templates/blog/post.html"));
    assert_eq!((error.line(), error.column()), (Some(1), Some(42)));
    assert_eq!(error.hint(), Some("did you mean 'linebreaks'?"));
    // The project's own libraries are those of its engine.
    let engine = Engine::builder().loadable("mine", Library::new()).build();
    write("blog/templates/blog/post.html", "{% load mine %}");
    assert!(
        FolderCheck::run(&engine, &root)
            .unwrap()
            .mistakes()
            .is_empty()
    );
    assert_eq!(
        FolderCheck::run(&Engine::default(), &root)
            .unwrap()
            .mistakes()
            .len(),
        1
    );
    assert!(FolderCheck::run(&engine, &root.join("none")).is_err());
    fs::remove_dir_all(&root).unwrap();
}

#[test]
fn a_file_that_is_no_text_is_a_mistake() {
    let root = std::env::temp_dir().join(format!("nuages-check-bytes-{}", std::process::id()));
    fs::create_dir_all(&root).unwrap();
    fs::write(root.join("a.html"), [0xff, 0xfe]).unwrap();
    let found = FolderCheck::run(&Engine::default(), &root).unwrap();
    assert_eq!(found.mistakes().len(), 1);
    assert_eq!(found.mistakes()[0].kind(), ErrorKind::Load);
    fs::remove_dir_all(&root).unwrap();
}

fn debug_engine() -> Engine {
    Engine::builder()
        .debug(true)
        .loader(MemoryLoader::new([
            ("base.html", "{% block title %}{% endblock %}{% block content %}{% endblock %}"),
            ("page.html", "{% extends 'base.html' %}\n{% block titel %}x{% endblock %}"),
            ("good.html", "{% extends 'base.html' %}{% block title %}{% block inner %}x{% endblock %}{% endblock %}"),
        ]))
        .build()
}

#[test]
fn an_overriding_block_that_no_parent_has_is_told() {
    let engine = debug_engine();
    let warnings = |name: &str| engine.get_template(name).unwrap().warnings(&Context::new());
    let found = warnings("page.html");
    let [warning] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(
        (warning.template(), warning.line(), warning.column()),
        (Some("page.html"), Some(2), Some(1)),
        "{warning:#}"
    );
    assert_eq!(warning.hint(), Some("did you mean 'title'?"));
    assert!(warning.excerpt().unwrap().contains("{% block titel %}"));
    // A block in a block is a new one, and a page without a parent has only its own.
    assert_eq!(warnings("good.html").len() + warnings("base.html").len(), 0);
}

#[test]
fn a_variable_that_is_nearly_another_is_told() {
    for (source, told) in [
        ("{{ usr }}", true),
        ("\n{% if usr.name %}{% endif %}", true),
        ("{{ x|default:usr }}", true),
        ("{{ something }}", false),
        ("{{ user.usr }}", false),
        ("{% for usr in list %}{{ usr }}{% endfor %}", false),
        ("{% for a,usr in list %}{{ usr }}{% endfor %}", false),
        ("{% with usr=1 %}{{ usr }}{% endwith %}", false),
        ("{% now 'Y' as usr %}{{ usr }}", false),
        ("{{ forloop }}{{ block }}{{ csrf_token }}", false),
    ] {
        let page = debug_engine().from_str(source).unwrap();
        let found = page.warnings(&context! { user: "Ada", title: "x", list: vec![1], blok: 1 });
        assert_eq!(!found.is_empty(), told, "{source}: {found:?}");
        for warning in found {
            assert_eq!(warning.hint(), Some("did you mean 'user'?"));
            assert!(warning.line().is_some());
        }
    }
}
