//! What the two pages show: plain structs, as a site has them after its queries.

use askama::Template;
use nuages_template::{Context, ToValue, context};
use serde::{Deserialize, Serialize};

/// One line of the table.
#[derive(Debug, Serialize, Deserialize, ToValue)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Row {
    pub id: i64,
    pub name: String,
    pub email: String,
    pub city: String,
    pub count: i64,
    pub active: bool,
}

/// An entry of the navigation.
#[derive(Debug, Serialize, Deserialize, ToValue)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Section {
    pub slug: String,
    pub title: String,
}

/// Who is looking.
#[derive(Debug, Serialize, Deserialize, ToValue)]
#[expect(missing_docs, reason = "the names say it")]
pub struct User {
    pub is_authenticated: bool,
    pub first_name: String,
    pub last_name: String,
}

/// A comment of an article.
#[derive(Debug, Serialize, Deserialize, ToValue)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Comment {
    pub text: String,
}

/// An article with what belongs to it.
#[derive(Debug, Serialize, Deserialize, ToValue)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Article {
    pub id: i64,
    pub title: String,
    pub author: String,
    pub date: String,
    pub summary: String,
    pub views: i64,
    pub featured: bool,
    pub tags: Vec<String>,
    pub comments: Vec<Comment>,
}

/// An entry of the sidebar.
#[derive(Debug, Serialize, Deserialize, ToValue)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Popular {
    pub id: i64,
    pub title: String,
}

/// A table of a thousand rows; askama compiles its page into this very type.
#[derive(Debug, Serialize, Deserialize, Template)]
#[template(path = "table.html")]
#[expect(missing_docs, reason = "the names say it")]
pub struct Table {
    pub rows: Vec<Row>,
}

/// A page with inheritance, includes, loops, filters and URLs.
#[derive(Debug, Serialize, Deserialize, Template)]
#[template(path = "section.html")]
#[expect(missing_docs, reason = "the names say it")]
pub struct Page {
    pub site_name: String,
    pub heading: String,
    pub current: String,
    pub sections: Vec<Section>,
    pub user: User,
    pub articles: Vec<Article>,
    pub popular: Vec<Popular>,
}

/// Data that a template of ours can be rendered with.
pub trait Shown {
    /// The variables, borrowed.
    fn context(&self) -> Context<'_>;
}

impl Shown for Table {
    fn context(&self) -> Context<'_> {
        context! { rows: &self.rows }
    }
}

impl Shown for Page {
    fn context(&self) -> Context<'_> {
        context! {
            site_name: &self.site_name,
            heading: &self.heading,
            current: &self.current,
            sections: &self.sections,
            user: &self.user,
            articles: &self.articles,
            popular: &self.popular
        }
    }
}

impl Table {
    /// So many rows, every tenth with characters that have to be escaped.
    pub fn sample(rows: i64) -> Self {
        let row = |id: i64| Row {
            id,
            name: if id % 10 == 0 {
                format!("Smith <{id}> & Daughters")
            } else {
                format!("Client number {id}")
            },
            email: format!("client{id}@example.org"),
            city: format!("Town {}", id % 50),
            count: id * 7 % 1000,
            active: id % 3 == 0,
        };
        Self {
            rows: (0..rows).map(row).collect(),
        }
    }
}

impl Page {
    /// So many articles.
    pub fn sample(articles: i64) -> Self {
        let slugs = ["politics", "music", "film", "food", "garden"];
        let article = |id: i64| Article {
            id,
            title: format!("Report {id} & \"what it means\""),
            author: format!("reporter {}", id % 7),
            date: format!("2026-02-{:02}", id % 28 + 1),
            summary: format!(
                "What happened on day {id}, told by those who were there, with all that they saw and heard."
            ),
            views: id * 83 % 1000,
            featured: id % 4 == 0,
            tags: (0..id % 4).map(|n| format!("Topic{n}")).collect(),
            comments: (0..id % 6)
                .map(|n| Comment {
                    text: format!("remark {n}"),
                })
                .collect(),
        };
        Self {
            site_name: "Herald & Sons".into(),
            heading: "What is new".into(),
            current: "music".into(),
            sections: slugs
                .into_iter()
                .map(|slug| Section {
                    slug: slug.into(),
                    title: format!("{slug} <b>"),
                })
                .collect(),
            user: User {
                is_authenticated: true,
                first_name: "Grace".into(),
                last_name: "Hopper".into(),
            },
            articles: (0..articles).map(article).collect(),
            popular: (0..10)
                .map(|id| Popular {
                    id,
                    title: format!("Read by {id} > 9"),
                })
                .collect(),
        }
    }
}
