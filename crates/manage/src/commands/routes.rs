//! `routes`: every route with its name, methods and protections.

use http::Method;
use nuages_app::BuiltSite;
use nuages_web::RouteListing;

use crate::console::Console;

const HEADER: [&str; 4] = ["PATTERN", "NAME", "METHODS", "PROTECTIONS"];

pub(crate) fn run(site: &BuiltSite, console: &Console) {
    let rows: Vec<[String; 4]> = site
        .urls()
        .routes()
        .iter()
        .map(|route| {
            [
                route.pattern.clone(),
                route.name.clone(),
                methods(route),
                route.protections.clone(),
            ]
        })
        .collect();
    let mut widths = HEADER.map(str::len);
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    console.line(line(&HEADER, widths));
    for row in &rows {
        console.line(line(row, widths));
    }
}

fn line<S: AsRef<str>>(cells: &[S; 4], widths: [usize; 4]) -> String {
    let padded: Vec<String> = cells
        .iter()
        .zip(widths)
        .map(|(cell, width)| format!("{:width$}", cell.as_ref()))
        .collect();
    padded.join("  ").trim_end().to_owned()
}

fn methods(route: &RouteListing) -> String {
    if route.methods.is_empty() {
        return "any".to_owned();
    }
    route
        .methods
        .iter()
        .map(Method::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}
