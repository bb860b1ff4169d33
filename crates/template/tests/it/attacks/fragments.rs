//! X16 and K6: what a visitor chooses must not lead to another visitor's fragment. K5: nor may one hold a nonce or a token.

use std::fmt::{self, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use md5::{Digest, Md5};
use nuages_template::{
    Engine, FragmentStore, MemoryFragments, Object, Services, Value, context,
    make_template_fragment_key,
};

/// A site with a store of fragments.
struct Site(MemoryFragments);

impl Site {
    fn new() -> Self {
        Self(MemoryFragments::new(100))
    }
}

impl Services for Site {
    fn fragments(&self, name: Option<&str>) -> Option<&dyn FragmentStore> {
        name.is_none().then_some(&self.0 as &dyn FragmentStore)
    }
}

/// Django's key: every value with a colon behind it.
fn django_key(name: &str, values: &[&str]) -> String {
    let mut hash = Md5::new();
    for value in values {
        hash.update(value);
        hash.update(":");
    }
    let mut key = format!("template.cache.{name}.");
    for byte in hash.finalize() {
        let _ = write!(key, "{byte:02x}");
    }
    key
}

fn our_key(name: &str, values: &[&str]) -> String {
    let values: Vec<_> = values.iter().map(|value| (*value).into()).collect();
    make_template_fragment_key(name, &values)
}

#[test]
fn x16_k6_two_visitors_never_share_a_fragment_by_a_colon() {
    let page = Engine::default()
        .from_str("{% load cache %}{% cache 300 frag group user %}{{ secret }}{% endcache %}")
        .unwrap();
    let site = Site::new();
    let show = |group: &str, user: &str, secret: &str| {
        page.render(&context! { group, user, secret }, &site)
            .unwrap()
    };
    assert_eq!(show("a:b", "c", "the secret of c"), "the secret of c");
    assert_eq!(show("a", "b:c", "b:c"), "b:c");
    assert_eq!(show("a:b", "c", "asked again"), "the secret of c");
    let long = "x".repeat(10_000);
    assert_eq!(show(&long, "\n", "1"), "1");
    assert_eq!(show(&long, "", "2"), "2");
}

#[test]
fn x16_k6_pair_with_django_s_own_keys_they_would() {
    let (one, other) = (["a:b", "c"], ["a", "b:c"]);
    assert_eq!(django_key("frag", &one), django_key("frag", &other));
    assert_ne!(our_key("frag", &one), our_key("frag", &other));
}

#[test]
fn x16_k6_keys_without_a_colon_are_django_s() {
    for values in [
        &[][..],
        &["ada"],
        &["a:b"],
        &["ada", "7"],
        &["", ""],
        &["é\n", " "],
    ] {
        assert_eq!(our_key("f", values), django_key("f", values), "{values:?}");
    }
}

/// A token of one visitor, which counts how often it is printed.
struct Token(String, Arc<AtomicU64>);

impl Object for Token {
    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        self.1.fetch_add(1, Ordering::Relaxed);
        out.write_str(&self.0)
    }
}

/// A site that tells of what was printed, and is told of what was not kept.
struct Careful {
    store: Arc<MemoryFragments>,
    prints: Arc<AtomicU64>,
    tells: bool,
    told: AtomicUsize,
}

impl Services for Careful {
    fn fragments(&self, _: Option<&str>) -> Option<&dyn FragmentStore> {
        Some(&*self.store)
    }

    fn private_values_printed(&self) -> u64 {
        if self.tells {
            self.prints.load(Ordering::Relaxed)
        } else {
            0
        }
    }

    fn fragment_not_kept(&self, name: &str) {
        assert_eq!(name, "frag");
        self.told.fetch_add(1, Ordering::Relaxed);
    }
}

/// What two visitors see of one page with a fragment, and of how many fragments the site was told.
fn two_visitors(inside: &str, tells: bool) -> ([String; 2], usize) {
    let source = format!(
        "{{% load cache %}}{{{{ csrf_token }}}}|{{% cache 300 frag %}}{inside}{{% endcache %}}"
    );
    let page = Engine::default().from_str(&source).unwrap();
    let store = Arc::new(MemoryFragments::new(10));
    let mut told = 0;
    let pages = ["ada", "bob"].map(|visitor| {
        let prints = Arc::new(AtomicU64::new(0));
        let site = Careful {
            store: store.clone(),
            prints: prints.clone(),
            tells,
            told: AtomicUsize::new(0),
        };
        let csrf_token = Value::object(Token(format!("token-{visitor}"), prints.clone()));
        let csp_nonce = Value::object(Token(format!("nonce-{visitor}"), prints));
        let context = context! { csrf_token, csp_nonce, visitor };
        let html = page.render(&context, &site).unwrap();
        told += site.told.into_inner();
        html.split_once('|').unwrap().1.to_owned()
    });
    (pages, told)
}

/// Each of them prints what is one visitor's alone.
const PRIVATE: [&str; 6] = [
    "{% csrf_token %}",
    "{{ csrf_token }}",
    "{{ csrf_token|upper }}",
    "<script nonce=\"{{ csp_nonce }}\"></script>",
    "{% with t=csp_nonce %}{% firstof t %}{% endwith %}",
    "{% if visitor %}{% for a in 'x' %}{{ csp_nonce }}{% endfor %}{% endif %}",
];

#[test]
fn k5_a_fragment_with_a_nonce_or_a_token_is_not_kept() {
    for inside in PRIVATE {
        let ([_, bob], told) = two_visitors(inside, true);
        assert!(!bob.to_lowercase().contains("ada"), "{inside}: {bob}");
        assert!(bob.to_lowercase().contains("bob"), "{inside}: {bob}");
        assert_eq!(told, 2, "{inside}");
    }
}

#[test]
fn k5_pair_without_the_guard_the_second_visitor_gets_the_first_one_s_token() {
    for inside in PRIVATE {
        let ([ada, bob], _) = two_visitors(inside, false);
        assert_eq!(ada, bob, "{inside}");
        assert!(bob.to_lowercase().contains("ada"), "{inside}: {bob}");
    }
}

#[test]
fn k5_what_prints_neither_is_kept_although_the_page_does() {
    let (pages, told) = two_visitors("{{ visitor }}{% if csp_nonce %}{% endif %}", true);
    assert_eq!((pages, told), (["ada".to_owned(), "ada".to_owned()], 0));
}
