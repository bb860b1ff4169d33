//! Where generated code finds a room: in the crate `nuages-orm` itself, or behind the facade.

use std::fs;
use std::path::Path;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// The path of a room, as the crate that is being compiled can name it.
///
/// The rooms above `orm` depend on `nuages-orm`, a site depends on `nuages`; nothing tells a
/// derive which, but the manifest of the crate that is being compiled.
pub(crate) fn of(room: &str) -> TokenStream {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
        .and_then(|folder| fs::read_to_string(Path::new(&folder).join("Cargo.toml")).ok())
        .unwrap_or_default();
    path(room, &manifest)
}

fn path(room: &str, manifest: &str) -> TokenStream {
    let package = format!("nuages-{room}");
    let direct = manifest.lines().map(str::trim).any(|line| {
        // `nuages-orm.workspace = true`, `nuages-orm = …`, or the room itself: `name = "nuages-orm"`.
        line.strip_prefix(&package)
            .is_some_and(|rest| rest.trim_start().starts_with(['.', '=']))
            || line == format!("name = \"{package}\"")
    });
    if direct {
        let name = Ident::new(&package.replace('-', "_"), Span::call_site());
        quote!(::#name)
    } else {
        let name = Ident::new(room, Span::call_site());
        quote!(::nuages::#name)
    }
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn the_manifest_says_where_a_room_is() {
        let check = |manifest: &str, expect: &str| {
            assert_eq!(path("orm", manifest).to_string(), expect, "{manifest}");
        };
        check("[dependencies]\nnuages = \"1\"", ":: nuages :: orm");
        check("nuages-orm.workspace = true", ":: nuages_orm");
        check("nuages-orm = { path = \"../orm\" }", ":: nuages_orm");
        check("name = \"nuages-orm\"", ":: nuages_orm");
        check("nuages-orm-extras = \"1\"", ":: nuages :: orm");
    }
}
