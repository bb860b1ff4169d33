//! Names and values that try to become SQL.

use nuages_db::{Db, DbSettings};
use nuages_sql::{
    Column, ColumnType, Ddl, Expr, Index, Insert, Lookup, Select, Statement, Table, Value,
};
use proptest::prelude::*;

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// Text with more than its share of what means something to SQL.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("'".to_owned()),
        Just("\"".to_owned()),
        Just("%".to_owned()),
        Just("_".to_owned()),
        Just("\\".to_owned()),
        Just("'; DROP TABLE t; --".to_owned()),
        Just("\" OR 1=1 --".to_owned()),
        Just("?".to_owned()),
        Just("A".to_owned()),
        Just("a".to_owned()),
        "\\PC",
    ];
    proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

/// A name: not empty, not SQLite's own.
fn name() -> impl Strategy<Value = String> {
    text().prop_map(|text| format!("n{text}"))
}

/// What each lookup means, without SQL.
fn means(lookup: Lookup, text: &str, pattern: &str) -> bool {
    let (text, pattern) = (text.to_ascii_lowercase(), pattern.to_ascii_lowercase());
    match lookup {
        Lookup::IExact => text == pattern,
        Lookup::Contains | Lookup::IContains => text.contains(&pattern),
        Lookup::StartsWith | Lookup::IStartsWith => text.starts_with(&pattern),
        Lookup::EndsWith | Lookup::IEndsWith => text.ends_with(&pattern),
        _ => unreachable!("a new lookup needs its meaning here"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn names_and_values_stay_what_they_are(table in name(), column in name(), other in name(), value in text()) {
        prop_assume!(!column.eq_ignore_ascii_case(&other));
        let kept: Result<(), TestCaseError> = runtime().block_on(async {
            let db = Db::connect(&DbSettings::default()).await.unwrap();
            let made = Table::new(table.clone())
                .column(Column::new(column.clone(), ColumnType::Text))
                .column(Column::new(other.clone(), ColumnType::Integer).index())
                .index(Index::new(format!("i{other}"), [column.clone()]));
            for statement in db.dialect().create_table(&made) {
                db.execute(statement).await.unwrap();
            }
            let insert = Insert::into(table.clone())
                .columns([column.clone(), other.clone()])
                .row([Expr::value(value.as_str()), Expr::value(7)])
                .returning([column.clone()]);
            let back = db.fetch_value::<String>(&insert).await.unwrap();
            prop_assert_eq!(back.as_ref(), Some(&value));
            let select = Select::from_aliased(table.clone(), "alias\"")
                .expr_as(Expr::column("alias\"", column.clone()), other.clone())
                .filter(Expr::column("alias\"", column.clone()).eq(Expr::value(value.as_str())));
            let back = db.fetch_value::<String>(&select).await.unwrap();
            prop_assert_eq!(back.as_ref(), Some(&value));
            prop_assert_eq!(db.table_names().await.unwrap(), vec![table.clone()]);
            let inline = nuages_sql::print_inline(&Statement::from(select), db.dialect());
            let back = db.fetch_value::<String>(nuages_sql::RawSql::assert_safe_sql(inline)).await.unwrap();
            prop_assert_eq!(back.as_ref(), Some(&value));
            db.execute(Ddl::DropTable(table.clone().into())).await.unwrap();
            prop_assert!(db.table_names().await.unwrap().is_empty());
            Ok(())
        });
        kept?;
    }

    #[test]
    fn lookups_mean_what_they_say(stored in text(), pattern in text()) {
        let kept: Result<(), TestCaseError> = runtime().block_on(async {
            let db = Db::connect(&DbSettings::default()).await.unwrap();
            for lookup in Lookup::ALL {
                for wanted in [
                    Expr::value(pattern.as_str()),
                    // The pattern of another column is escaped in SQL.
                    Expr::subquery(Select::default().expr(Expr::value(pattern.as_str()))),
                ] {
                    let select = Select::default().expr(Expr::value(stored.as_str()).lookup(*lookup, wanted));
                    let found = db.fetch_value::<bool>(&select).await.unwrap();
                    prop_assert_eq!(found, Some(means(*lookup, &stored, &pattern)), "{:?}", lookup);
                }
            }
            Ok(())
        });
        kept?;
    }

    #[test]
    fn a_name_with_a_nul_is_refused(name in "[a-z]{1,3}\0[a-z\"']{0,3}") {
        runtime().block_on(async {
            let db = Db::connect(&DbSettings::default()).await.unwrap();
            let select = Select::default().expr_as(Expr::Value(Value::Int(1)), name);
            assert!(db.fetch_all(&select).await.is_err());
        });
    }
}
