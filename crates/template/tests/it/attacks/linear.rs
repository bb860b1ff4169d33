//! Linear time: ten times the input may cost at most twenty times as long.
//!
//! Every filter of every library is walked through with everything that is hard for one of them,
//! so that a filter that is added tomorrow is tested as well.

use std::hint::black_box;
use std::time::Duration;

use nuages_template::{Arity, Context, Engine, Filter, NoServices, Value};

/// Ten times the input: 10 is linear, 100 quadratic.
pub(super) const WORST: f64 = 20.0;

/// Below this, a clock measures itself.
const SHORTEST: Duration = Duration::from_micros(50);

/// CPU time: other programs on the machine interrupt the long run, and never the short one.
fn measure(work: &mut dyn FnMut()) -> Duration {
    let start = cpu_time();
    work();
    cpu_time().saturating_sub(start)
}

fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

fn least(times: u32, work: &mut dyn FnMut()) -> Duration {
    (0..times).map(|_| measure(work)).min().unwrap_or_default()
}

/// The worst ratio that stays when the measurement is repeated; other programs on the machine only make it larger.
///
/// `make(n)` prepares an input of the size `n` and gives the work to be timed.
pub(super) fn ratio<'w>(make: &dyn Fn(usize) -> Box<dyn FnMut() + 'w>) -> f64 {
    let mut size = 1000;
    while size < 100_000 && least(2, &mut *make(size)) < SHORTEST {
        size *= 10;
    }
    ratio_at(size, 3, make)
}

/// As [`ratio`], from the size `size` on; what looks too slow is looked at again, with more and larger input.
fn ratio_at<'w>(size: usize, tries: usize, make: &dyn Fn(usize) -> Box<dyn FnMut() + 'w>) -> f64 {
    let mut found = f64::INFINITY;
    for again in 0..tries {
        let times = if again == 0 { 1 } else { 5 };
        let size = size * (again + 1);
        let (mut small, mut large) = (make(size), make(size * 10));
        let (short, long) = (least(times + 1, &mut *small), least(times, &mut *large));
        found = found.min(long.as_secs_f64() / short.max(SHORTEST).as_secs_f64());
        if found <= WORST {
            break;
        }
    }
    found
}

/// Fails unless the template takes linear time in `value(n)`.
pub(super) fn check_linear(source: &str, value: &dyn Fn(usize) -> Value<'static>) {
    let engine = Engine::default();
    let page = engine.from_str(source).unwrap();
    let found = ratio(&|size| {
        let context = Context::new().with("v", value(size));
        let page = page.clone();
        Box::new(move || {
            let _ = black_box(page.render(&context, &NoServices));
        })
    });
    let start = value(20).to_text().chars().take(40).collect::<String>();
    assert!(
        found <= WORST,
        "{source} costs {found:.0} times as much for ten times {start:?}"
    );
}

pub(super) fn text(make: impl Fn(usize) -> String) -> impl Fn(usize) -> Value<'static> {
    move |size| Value::from(make(size))
}

#[test]
fn the_measure_finds_what_is_quadratic() {
    let quadratic = ratio(&|size| {
        Box::new(move || {
            for at in 0..size / 10 {
                black_box((0..at).map(black_box).sum::<usize>());
            }
        })
    });
    assert!(quadratic > 40.0, "{quadratic}");
    let linear = ratio(&|size| {
        Box::new(move || {
            black_box((0..size * 20).map(black_box).sum::<usize>());
        })
    });
    assert!(linear <= WORST, "{linear}");
}

/// Makes something of the size `n`.
type Make<T> = fn(usize) -> T;

/// Makes a value of the size `n`.
type Input = Box<dyn Fn(usize) -> Value<'static>>;

/// What is hard for one filter or another, `n` long.
const HARD: &[(&str, Make<String>)] = &[
    ("letters", |n| "a".repeat(n)),
    ("words", |n| "a ".repeat(n)),
    ("spaces", |n| " ".repeat(n) + "a"),
    ("lines", |n| "\n".repeat(n)),
    ("short lines", |n| "a\r\n".repeat(n)),
    ("marks", |n| "é-ß\u{301}".repeat(n)),
    ("opened", |n| "<".repeat(n)),
    ("opened, then closed", |n| "<".repeat(n) + &"a>".repeat(n)),
    ("tags without an end", |n| "<a".repeat(n)),
    ("tags without an end, a quote", |n| "<a ".repeat(n) + "=\">"),
    ("quoted attributes", |n| "<a =\"".repeat(n) + ">"),
    ("both quotes", |n| "<a =\"<a ='".repeat(n) + ">"),
    ("end tags", |n| "</a>".repeat(n)),
    ("start tags and other end tags", |n| {
        "<b>".repeat(n) + "x" + &"</a>".repeat(n)
    }),
    ("start tags", |n| "<i>a".repeat(n)),
    ("end tag with tabs", |n| format!("</p{}//>", "\t".repeat(n))),
    ("many attributes", |n| format!("<p{}>", " a".repeat(n))),
    ("comments", |n| "<!--".repeat(n)),
    ("declarations", |n| "<!".repeat(n) + ">"),
    ("declaration and entities", |n| {
        format!("><!{}D", "&".repeat(n))
    }),
    ("instructions", |n| "<?".repeat(n) + ">"),
    ("cdata", |n| "<![CDATA[".repeat(n) + "]]>"),
    ("scripts", |n| "<script>".repeat(n)),
    ("ampersands", |n| "&".repeat(n)),
    ("entities", |n| "&amp;".repeat(n) + ";"),
    ("broken entities", |n| "&gotcha&#;<>".repeat(n)),
    ("numeric entities", |n| "&#".to_owned() + &"1".repeat(n)),
    ("semicolons", |n| format!("&:{}", ";".repeat(n))),
    ("semicolons and colons", |n| format!("&{}", ";:".repeat(n))),
    ("full stops", |n| "a".to_owned() + &".".repeat(n)),
    ("stops and semicolons", |n| {
        "a.b&".to_owned() + &".;".repeat(n)
    }),
    ("stops, semicolons, ampersands", |n| "&.;".repeat(n)),
    ("brackets", |n| "(".repeat(n) + ":" + &")".repeat(n)),
    ("mixed brackets", |n| "([".repeat(n) + ":" + &")]".repeat(n)),
    ("brackets behind", |n| {
        "http://a.b".to_owned() + &")".repeat(n)
    }),
    ("brackets and stops behind", |n| {
        "http://a.b".to_owned() + &").".repeat(n)
    }),
    ("host", |n| format!("www.{}com", "한.글.".repeat(n))),
    ("mail", |n| format!("a{}a", "@a".repeat(n))),
    ("mails", |n| "a@b.cc ".repeat(n)),
    ("links", |n| "http://a.bc/d?e=f#g ".repeat(n)),
    ("schemes", |n| "http://".repeat(n)),
    ("percent signs", |n| "%".repeat(n)),
    ("bytes that are no text", |n| "%FC".repeat(n)),
    ("quotes", |n| "'\"\\".repeat(n)),
    ("controls", |n| "\u{0}\u{1b}\u{2028}".repeat(n)),
    ("digits", |n| "1".repeat(n)),
    ("a fraction", |n| "0.".to_owned() + &"1".repeat(n)),
    ("exponents", |n| "1e".to_owned() + &"1".repeat(n)),
    ("nines", |n| "9".repeat(n) + "." + &"9".repeat(n)),
    ("minus signs", |n| "-".repeat(n)),
    ("commas", |n| ",".repeat(n)),
    ("colons", |n| ":".repeat(n)),
    ("dots", |n| "a.".repeat(n)),
    ("formats", |n| "jS \\o\\f F Y ".repeat(n)),
    ("big letters", |n| "İǅ".repeat(n)),
];

/// Lists of `n` items, or nested `n` deep.
const LISTS: &[(&str, Make<Value<'static>>)] = &[
    ("a list", |n| Value::from(vec!["<a>"; n])),
    ("numbers", |n| {
        Value::from((0..i64::try_from(n).unwrap()).rev().collect::<Vec<_>>())
    }),
    ("pairs", |n| {
        Value::list(
            (0..i64::try_from(n).unwrap())
                .map(|i| Value::from(vec![i % 7, i]))
                .collect(),
        )
    }),
    ("a deep list", |n| {
        (0..n).fold(Value::from("x"), |list, _| {
            Value::list(vec![Value::from("y"), list])
        })
    }),
    ("a deep list of one", |n| {
        (0..n).fold(Value::from("x"), |list, _| Value::list(vec![list]))
    }),
    ("a decimal", |n| Value::Decimal("1".repeat(n).into())),
    ("a small decimal", |n| {
        Value::Decimal(format!("0.{}1", "0".repeat(n)).into())
    }),
];

/// The filter with each kind of argument that it takes, as the text behind the bar.
fn uses(filter: &Filter) -> Vec<String> {
    let name = filter.name();
    let bare = name.to_owned();
    let given = ["3", "999999", "v"]
        .iter()
        .map(|argument| format!("{name}:{argument}"));
    match filter.arity() {
        Arity::None => vec![bare],
        Arity::Optional => std::iter::once(bare).chain(given).collect(),
        Arity::Required => given.collect(),
    }
}

/// Every filter of every library with its `{% load %}`.
fn all_filters() -> Vec<(String, Vec<String>)> {
    let engine = Engine::default();
    let builtin = engine
        .builtins()
        .filters()
        .map(|filter| (String::new(), filter));
    let loaded = engine.libraries().flat_map(|(name, library)| {
        library
            .filters()
            .map(move |filter| (format!("{{% load {name} %}}"), filter))
    });
    builtin
        .chain(loaded)
        .map(|(load, filter)| (load, uses(filter)))
        .collect()
}

/// A small size keeps it cheap; whatever looks too slow there is measured at larger ones.
fn check_all(size: usize, inputs: &[(&str, Input)]) {
    let mut slow = Vec::new();
    for (load, uses) in all_filters() {
        for using in uses {
            let engine = Engine::default();
            let page = engine.from_str(&format!("{load}{{{{ v|{using} }}}}"));
            let page = page.unwrap_or_else(|error| panic!("{using}: {error:#}"));
            for (name, value) in inputs {
                // The result is as long as the list times the separator: the limit of the output is its end.
                if using == "join:v" {
                    continue;
                }
                let found = ratio_at(size, 4, &|size| {
                    let context = Context::new().with("v", value(size));
                    let page = page.clone();
                    Box::new(move || {
                        let _ = black_box(page.render(&context, &NoServices));
                    })
                });
                if found > WORST {
                    slow.push(format!("{using} of {name}: {found:.0}"));
                }
            }
        }
    }
    assert!(slow.is_empty(), "not linear:\n{}", slow.join("\n"));
}

#[test]
fn every_filter_is_linear_in_text() {
    let inputs: Vec<_> = HARD
        .iter()
        .map(|(name, make)| {
            let make: Input = Box::new(text(make));
            (*name, make)
        })
        .collect();
    check_all(300, &inputs);
}

#[test]
fn every_filter_is_linear_in_lists() {
    let inputs: Vec<_> = LISTS
        .iter()
        .map(|(name, make)| {
            let make: Input = Box::new(make);
            (*name, make)
        })
        .collect();
    check_all(100, &inputs);
}

/// A template of the size `n` takes linear time to compile.
#[test]
fn compiling_is_linear() {
    const SOURCES: &[(&str, Make<String>)] = &[
        ("openers", |n| "{{{%{#".repeat(n)),
        ("variables", |n| "{{ a }}b".repeat(n)),
        ("comments", |n| "a{# b #}".repeat(n)),
        ("tags", |n| "{% if a %}b{% endif %}".repeat(n)),
        ("ifs", |n| {
            "{% if a %}b".to_owned() + &"{% elif c %}d".repeat(n) + "{% endif %}"
        }),
        ("filters", |n| format!("{{{{ a{} }}}}", "|upper".repeat(n))),
        ("arguments", |n| {
            format!("{{{{ a{} }}}}", "|add:'b'".repeat(n))
        }),
        ("dots", |n| format!("{{{{ a{} }}}}", ".b".repeat(n))),
        ("operators", |n| {
            format!("{{% if a{} %}}{{% endif %}}", " or b".repeat(n))
        }),
        ("nots", |n| {
            format!("{{% if {}a %}}{{% endif %}}", "not ".repeat(n))
        }),
        ("words", |n| {
            format!("{{% firstof{} %}}", " 'a b'".repeat(n))
        }),
        ("escaped quotes", |n| {
            format!("{{% firstof '{} %}}", "\\'".repeat(n))
        }),
        ("quotes", |n| format!("{{% firstof {} %}}", "'\"".repeat(n))),
        ("translated", |n| {
            format!("{{% firstof {} %}}", "_(' ".repeat(n))
        }),
        ("named", |n| {
            format!("{{% with{} %}}{{% endwith %}}", " a=b".repeat(n))
        }),
        ("loops", |n| {
            format!("{{% for {}a in b %}}{{% endfor %}}", "a,".repeat(n))
        }),
        ("cycles", |n| {
            "{% cycle 'a' 'b' as c %}{% cycle c %}".repeat(n)
        }),
        ("loads", |n| format!("{{% load{} %}}", " static".repeat(n))),
        ("verbatim", |n| {
            "{% verbatim %}{{ a }}{% endverbatim %}".repeat(n)
        }),
        ("verbatim without an end", |n| {
            "{% verbatim %}".to_owned() + &"{% endverbatim x %}".repeat(n)
        }),
        ("comment without an end", |n| "{% comment %}".repeat(n)),
        ("spaces", |n| format!("{{{{ a{}b }}}}", " ".repeat(n))),
        ("bars", |n| format!("{{{{ a{} }}}}", "|".repeat(n))),
        ("underscores", |n| format!("{{{{ {} }}}}", "_(".repeat(n))),
        ("lines", |n| "\n".repeat(n) + "{% nonsense %}"),
        ("unknown", |n| format!("{{% {} %}}", "x".repeat(n))),
        ("unknown filter", |n| {
            format!("{{{{ a|{} }}}}", "x".repeat(n))
        }),
    ];
    let engine = Engine::default();
    let mut slow = Vec::new();
    for (name, source) in SOURCES {
        let found = ratio_at(300, 4, &|size| {
            let (engine, source) = (engine.clone(), source(size));
            Box::new(move || {
                let _ = black_box(engine.from_str(&source));
            })
        });
        if found > WORST {
            slow.push(format!("{name}: {found:.0}"));
        }
    }
    assert!(slow.is_empty(), "not linear:\n{}", slow.join("\n"));
}

/// Tags that walk through a value.
#[test]
fn t12_tags_are_linear_in_their_values() {
    for source in [
        "{% for a in v %}{{ a }}{% endfor %}",
        "{% for a in v reversed %}{{ forloop.revcounter }}{% endfor %}",
        "{% for a in v %}{% ifchanged %}{{ a }}{% endifchanged %}{% endfor %}",
        "{% for a in v %}{% cycle 'a' 'b' %}{% endfor %}",
        "{% for a in v %}{% with b=a|upper %}{{ b }}{% endwith %}{% endfor %}",
        "{% regroup v by 0 as g %}{% for a in g %}{{ a.grouper }}{{ a.list|length }}{% endfor %}",
        "{% filter upper %}{{ v }}{% endfilter %}",
        "{% spaceless %}{{ v|safe }}{% endspaceless %}",
        "{% if v == v and 'z' in v or v < v %}{% endif %}",
        "{% firstof v %}",
        "{% widthratio v 2 3 %}",
    ] {
        for (_, make) in LISTS.iter().take(3) {
            check_linear(source, make);
        }
        for make in [
            |n| "<p> ".repeat(n),
            |n| ">\n<".repeat(n),
            |n| "1".repeat(n),
            |n: usize| "a".repeat(n),
        ] {
            check_linear(source, &text(make));
        }
    }
}
