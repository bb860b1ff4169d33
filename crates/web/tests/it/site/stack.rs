//! Layers as a list and layers as tower services: the same way in, the same way out.

use std::convert::Infallible;

use axum::body::Body;
use futures_util::FutureExt;
use http::{Request, Response, StatusCode};
use nuages_security::{Enter, Entered, Leave, Middleware, tower_layer};
use nuages_web::{LayerStack, SharedService};
use tower::{Layer, service_fn};

/// A layer that leaves its letter on whatever comes by, and does to a request what its path says.
#[derive(Debug, Clone)]
struct Mark(char);

fn append(headers: &mut http::HeaderMap, text: &str) {
    let so_far = headers.get("x-way").map_or("", |way| way.to_str().unwrap());
    let way = format!("{so_far}{text}");
    headers.insert("x-way", way.parse().unwrap());
}

impl Middleware for Mark {
    type Kept = char;

    fn enter(&self, req: &mut Request<Body>) -> Enter<char> {
        let mark = self.0;
        append(req.headers_mut(), &mark.to_string());
        let path = req.uri().path().to_owned();
        let answer = move |req: &Request<Body>| {
            let mut res = Response::new(Body::empty());
            *res.status_mut() = StatusCode::IM_A_TEAPOT;
            let way = req.headers()["x-way"].clone();
            res.headers_mut().insert("x-way", way);
            res
        };
        let does = |what: &str| path == format!("/{what}/{mark}");
        if does("skip") {
            return Enter::Skip;
        }
        if does("answer") {
            return Enter::Answer(answer(req));
        }
        if does("wait") {
            return Enter::wait(req, async move |req| Entered::Pass(req, mark));
        }
        if does("wait-and-answer") {
            return Enter::wait(req, async move |req| Entered::Answer(answer(&req)));
        }
        if does("panic-waiting") {
            return Enter::wait(req, async |_| panic!("a layer that waits"));
        }
        assert!(!does("panic-inwards"), "a layer on the way in");
        Enter::Pass(match () {
            () if does("wait-outside") => '~',
            () if does("panic-outwards") => '!',
            () => mark,
        })
    }

    fn leave(&self, kept: char, res: &mut Response<Body>) -> Leave {
        if kept == '~' {
            return Leave::wait(res, async |mut res| {
                append(res.headers_mut(), "~");
                res
            });
        }
        assert!(kept != '!', "a layer on the way out");
        append(res.headers_mut(), &kept.to_string());
        Leave::Done
    }
}

tower_layer!(Mark);

fn view() -> SharedService {
    SharedService::new(service_fn(async |req: Request<Body>| {
        assert!(req.uri().path() != "/panic/view", "a view");
        let mut res = Response::new(Body::empty());
        let way = req.headers()["x-way"].to_str().unwrap();
        append(res.headers_mut(), &format!("{way}|"));
        Ok::<_, Infallible>(res)
    }))
}

/// The letters in the order of their appearance; `|` is the view.
fn way(service: &SharedService, path: &str) -> String {
    let req = Request::get(path).body(Body::empty()).unwrap();
    let res = service.respond(req).now_or_never().unwrap().unwrap();
    res.headers()["x-way"].to_str().unwrap().to_owned()
}

#[test]
fn a_list_of_layers_and_nested_services_are_the_same() {
    let stack = LayerStack::new(view())
        .around(Mark('c'))
        .around(Mark('b'))
        .around(Mark('a'))
        .into_service();
    let nested = SharedService::new(Mark('a').layer(Mark('b').layer(Mark('c').layer(view()))));
    for (path, expected) in [
        ("/", "abc|cba"),
        ("/skip/a", "abc|cb"),
        ("/skip/b", "abc|ca"),
        ("/skip/c", "abc|ba"),
        ("/answer/a", "a"),
        ("/answer/c", "abcba"),
        ("/wait/a", "abc|cba"),
        ("/wait/b", "abc|cba"),
        ("/wait/c", "abc|cba"),
        ("/wait-and-answer/b", "aba"),
        ("/wait-outside/a", "abc|cb~"),
        ("/wait-outside/c", "abc|~ba"),
    ] {
        assert_eq!(way(&stack, path), expected, "{path} in a list");
        assert_eq!(way(&nested, path), expected, "{path} nested");
    }
}

#[test]
fn no_layers_are_no_service_of_their_own() {
    let service = LayerStack::new(view()).into_service();
    let mut req = Request::new(Body::empty());
    req.headers_mut().insert("x-way", "x".parse().unwrap());
    let res = service.respond(req).now_or_never().unwrap().unwrap();
    assert_eq!(res.headers()["x-way"], "x|");
}

#[test]
fn a_panic_is_a_500_that_passes_the_layers_outside() {
    let stack = LayerStack::new(view())
        .around(Mark('c'))
        .around(Mark('b'))
        .around(Mark('a'))
        .into_service();
    for (path, expected) in [
        ("/panic/view", "cba"),
        ("/panic-inwards/b", "a"),
        ("/panic-waiting/c", "ba"),
        ("/panic-outwards/b", "a"),
    ] {
        let req = Request::get(path).body(Body::empty()).unwrap();
        let res = stack.respond(req).now_or_never().unwrap().unwrap();
        assert_eq!(res.status(), StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        assert_eq!(res.headers()["x-way"], expected, "{path}");
    }
    // Nobody is there to see the outermost one panic but the stack itself.
    let req = Request::get("/panic-inwards/a")
        .body(Body::empty())
        .unwrap();
    let res = stack.respond(req).now_or_never().unwrap().unwrap();
    assert_eq!(res.status(), StatusCode::INTERNAL_SERVER_ERROR);
}
