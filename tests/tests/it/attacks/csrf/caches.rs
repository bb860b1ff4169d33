//! C6: a page with a token is one visitor's.

use nuages::template::{Engine, FragmentStore, MemoryFragments, Services, context};

use super::{PLACES, field, protected, set_cookies};

#[tokio::test]
async fn c6_cve_2014_0473_two_visitors_have_two_secrets_and_the_page_says_so() {
    for place in PLACES {
        let victim = protected(place).await;
        // A cookie that has nothing to do with it makes no difference (CVE-2026-48588).
        for cookies in [[None, None], [Some(("theme", "dark")), None]] {
            let mut secrets = Vec::new();
            for cookie in cookies {
                let mut browser = victim.browser();
                if let Some((name, value)) = cookie {
                    browser.cookies.set(name, value);
                }
                let answer = browser.get("/page/").await;
                let vary = answer.header("vary").to_lowercase();
                assert!(vary.split(", ").any(|name| name == "cookie"), "{vary}");
                let kept = if place { "sessionid" } else { "csrftoken" };
                assert_eq!(set_cookies(&answer, kept).len(), 1);
                let token = field(&answer.text()).to_owned();
                let fields = [("csrfmiddlewaretoken", &token)];
                assert_eq!(browser.post("/change/").form(&fields).await.status(), 200);
                secrets.push((browser, token));
            }
            let token = secrets[0].1.clone();
            let other = &mut secrets[1].0;
            let fields = [("csrfmiddlewaretoken", &token)];
            let answer = other.post("/change/").form(&fields).await;
            assert_eq!(answer.status(), 403);
        }
    }
}

#[tokio::test]
async fn c6_a_fragment_with_a_token_is_not_kept_for_others() {
    for place in PLACES {
        let victim = protected(place).await;
        let mut first = victim.browser();
        let stolen = field(&first.get("/fragment/").await.text()).to_owned();
        let mut second = victim.browser();
        let own = field(&second.get("/fragment/").await.text()).to_owned();
        assert_ne!(own, stolen);
        for (token, status) in [(&stolen, 403), (&own, 200)] {
            let fields = [("csrfmiddlewaretoken", token)];
            let answer = second.post("/change/").form(&fields).await;
            assert_eq!(answer.status(), status);
        }
    }
}

/// What the tag does when nobody tells it what is private: it keeps what it rendered, as in Django.
#[test]
fn c6_pair_a_token_that_is_a_value_like_others_is_kept_for_all() {
    struct Site(MemoryFragments);
    impl Services for Site {
        fn fragments(&self, _: Option<&str>) -> Option<&dyn FragmentStore> {
            Some(&self.0)
        }
    }
    let source = "{% load cache %}{% cache 300 form %}{% csrf_token %}{% endcache %}";
    let template = Engine::default().from_str(source).unwrap();
    let site = Site(MemoryFragments::new(10));
    for token in ["first", "second"] {
        let context = context! { csrf_token: token };
        let page = template.render(&context, &site).unwrap();
        assert_eq!(field(&page), "first");
    }
}
