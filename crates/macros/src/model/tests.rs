//! The written code, and the words of each error.

use proc_macro2::TokenStream;
use quote::quote;

use super::expand;

/// The code without what `rustfmt` changes in the snapshot.
fn plain(code: &TokenStream) -> String {
    let mut text = code.to_string().replace("r\"", "\"");
    text.retain(|letter| !letter.is_whitespace());
    for end in ["}", ")", "]"] {
        text = text.replace(&format!(",{end}"), end);
    }
    text
}

/// Every mistake that the derive finds in a struct.
fn errors(input: TokenStream) -> Vec<String> {
    match expand(input, &quote!(::nuages_orm)) {
        Ok(code) => panic!("accepted, as {code}"),
        Err(error) => error.into_iter().map(|one| one.to_string()).collect(),
    }
}

#[test]
fn the_written_code_is_the_snapshot() {
    let code = expand(
        quote! {
            #[model(app = "blog", ordering(-published, title), unique_together(author, title))]
            #[model(permissions(feature = "Can feature a post"), index(published), template(summary))]
            pub struct Post {
                pub id: Auto<i64>,
                /// What it is called.
                #[field(max_length = 200, db_index)]
                pub title: String,
                #[field(related_name = "posts", on_delete = SetNull)]
                pub author: Option<ForeignKey<Author>>,
                #[field(default = true)]
                r#final: bool,
                #[field(auto_now_add)]
                pub published: Timestamp,
            }
        },
        &quote!(::nuages_orm),
    )
    .unwrap();
    let snapshot: TokenStream = include_str!("snapshot.rs").parse().unwrap();
    assert_eq!(plain(&code), plain(&snapshot), "the new code is\n{code}");
}

#[test]
fn unknown_options_are_told_with_the_nearest_word() {
    let found = errors(quote! {
        #[model(app = "blog", orderin(title))]
        struct Post { id: Auto<i64>, #[field(max_lenght = 3)] title: String }
    });
    assert_eq!(
        found,
        [
            "unknown option of a model `orderin`: did you mean `ordering`?",
            "unknown option of a field `max_lenght`: did you mean `max_length`?",
        ]
    );
}

#[test]
fn a_model_without_an_app_or_a_key_is_refused() {
    let found = errors(quote!(
        struct Post {
            title: String,
        }
    ));
    assert!(
        found[0].contains("add `#[model(app = \"…\")]`"),
        "{found:?}"
    );
    assert!(found[1].contains("add `pub id: Auto<i64>`"), "{found:?}");
}

#[test]
fn names_in_options_are_checked_against_the_fields() {
    let found = errors(quote! {
        #[model(app = "blog", ordering(-titel))]
        struct Post { id: Auto<i64>, title: String }
    });
    assert_eq!(found, ["unknown field `titel`: did you mean `title`?"]);
}

#[test]
fn a_foreign_key_must_say_what_happens_on_deletion() {
    let found = errors(quote! {
        #[model(app = "blog")]
        struct Post { id: Auto<i64>, author: ForeignKey<Author>, #[field(on_delete = SetNull)] editor: ForeignKey<Author> }
    });
    assert!(
        found[0].contains("#[field(on_delete = Cascade)]"),
        "{found:?}"
    );
    assert!(found[1].contains("Option<ForeignKey<…>>"), "{found:?}");
    let found = errors(quote! {
        #[model(app = "blog")]
        struct Post { id: Auto<i64>, #[field(on_delete = Casacde)] author: ForeignKey<Author> }
    });
    assert_eq!(found[0], "unknown rule `Casacde`: did you mean `Cascade`?");
}

#[test]
fn null_is_said_by_the_type() {
    let found = errors(quote! {
        #[model(app = "blog")]
        struct Post { id: Auto<i64>, #[field(null)] title: String }
    });
    assert!(found[0].contains("`Option<…>`"), "{found:?}");
}

#[test]
fn only_plain_structs_are_models() {
    assert!(
        errors(quote!(
            enum Post {
                A,
            }
        ))[0]
            .contains("a struct with named fields")
    );
    assert!(
        errors(quote!(
            struct Post(i64);
        ))[0]
            .contains("need names")
    );
    assert!(
        errors(quote!(
            struct Post<T> {
                id: T,
            }
        ))[0]
            .contains("generic parameters")
    );
    let found = errors(quote! {
        #[model(app = "blog")]
        struct Post { id: Auto<i64>, #[field(primary_key)] slug: String }
    });
    assert_eq!(found, ["a model has one primary key"]);
}
