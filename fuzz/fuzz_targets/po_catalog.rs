//! Catalogues of gettext: text, binary, and the rules of plurals.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nuages_template::i18n::{Catalog, CatalogError, Message};

/// Asks for one, for none and for many.
fn ask(catalog: Result<Catalog, CatalogError>) {
    match catalog {
        Ok(catalog) => {
            assert_eq!(catalog.is_empty(), catalog.len() == 0);
            let plain = Message::new("a");
            catalog.get(&plain);
            catalog.get(&plain.with_context("c"));
            for count in [0, 1, 2, 5, 11, 21, 101, 1_000_000, i64::MAX, i64::MIN, -1] {
                catalog.get(&plain.with_plural("b", count));
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

fuzz_target!(|data: &[u8]| {
    ask(Catalog::from_mo(data));
    let text = String::from_utf8_lossy(data);
    ask(Catalog::from_po(&text));
    let rule = text.replace(['\n', '\r', '"', '\\'], " ");
    ask(Catalog::from_po(&format!(
        "msgid \"\"\nmsgstr \"Plural-Forms: nplurals=4; plural={rule};\\n\"\n\n\
         msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[0] \"0\"\nmsgstr[1] \"1\"\nmsgstr[2] \"2\"\nmsgstr[3] \"3\"\n"
    )));
});
