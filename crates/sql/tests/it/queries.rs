//! Statements about rows.

use nuages_sql::{
    Aggregate, BinaryOp, ColumnType, Delete, Expr, Function, Insert, Join, Lookup, Name, Nulls,
    Prepared, Query, RawSql, SQLITE, Select, Update, Value,
};

fn check(query: &impl Query, sql: &str, params: &[Value]) {
    let printed = nuages_sql::print(query, &SQLITE);
    assert_eq!(printed.sql(), sql);
    let found: Vec<Value> = printed.params().iter().cloned().collect();
    assert_eq!(found, params);
}

/// An expression as it stands in a filter.
fn check_expr(expr: Expr, sql: &str, params: &[Value]) {
    let select = Select::from("t").filter(expr);
    check(
        &select,
        &format!(r#"SELECT 1 FROM "t" WHERE {sql}"#),
        params,
    );
}

fn a() -> Expr {
    Expr::column("t", "a")
}

fn b() -> Expr {
    Expr::column("t", "b")
}

fn text(text: &str) -> Value {
    Value::from(text)
}

#[test]
fn comparisons_and_chains_have_parentheses_only_where_they_matter() {
    check_expr(a().eq(Expr::value(1)), r#""t"."a" = ?"#, &[Value::Int(1)]);
    let both = a()
        .lt(b())
        .and(a().is_not_null())
        .and(b().ne(Expr::value("x")));
    check_expr(
        both.clone().or(b().is_null()),
        r#"("t"."a" < "t"."b" AND "t"."a" IS NOT NULL AND "t"."b" <> ?) OR "t"."b" IS NULL"#,
        &[text("x")],
    );
    check_expr(
        both.or(b().is_null()).negate(),
        r#"NOT (("t"."a" < "t"."b" AND "t"."a" IS NOT NULL AND "t"."b" <> ?) OR "t"."b" IS NULL)"#,
        &[text("x")],
    );
    let sum = a()
        .binary(BinaryOp::Add, Expr::value(1))
        .binary(BinaryOp::Mul, b());
    check_expr(
        sum.ge(Expr::value(0.5)),
        r#"(("t"."a" + ?) * "t"."b") >= ?"#,
        &[Value::Int(1), Value::Float(0.5)],
    );
    check_expr(Expr::And(vec![]), "1 = 1", &[]);
    check_expr(
        Expr::Or(vec![Expr::Or(vec![]), a().is_null()]),
        r#"0 = 1 OR "t"."a" IS NULL"#,
        &[],
    );
}

#[test]
fn lists_may_be_empty() {
    check_expr(
        a().is_in([Value::Int(1), Value::Null]),
        r#""t"."a" IN (?, ?)"#,
        &[Value::Int(1), Value::Null],
    );
    check_expr(a().is_in(Vec::<Expr>::new()), "0 = 1", &[]);
    let none = Expr::In {
        expr: Box::new(a()),
        list: vec![],
        negated: true,
    };
    check_expr(none, "1 = 1", &[]);
}

#[test]
fn lookups_escape_their_pattern_as_django_does() {
    for (lookup, pattern) in [
        (Lookup::IExact, r"10\%\_\\"),
        (Lookup::Contains, r"%10\%\_\\%"),
        (Lookup::IContains, r"%10\%\_\\%"),
        (Lookup::StartsWith, r"10\%\_\\%"),
        (Lookup::IStartsWith, r"10\%\_\\%"),
        (Lookup::EndsWith, r"%10\%\_\\"),
        (Lookup::IEndsWith, r"%10\%\_\\"),
    ] {
        check_expr(
            a().lookup(lookup, Expr::value(r"10%_\")),
            r#""t"."a" LIKE ? ESCAPE '\'"#,
            &[text(pattern)],
        );
    }
    check_expr(
        a().lookup(Lookup::StartsWith, b()),
        r#""t"."a" LIKE REPLACE(REPLACE(REPLACE("t"."b", '\', '\\'), '%', '\%'), '_', '\_') || '%' ESCAPE '\'"#,
        &[],
    );
}

#[test]
fn subqueries_see_the_outer_query_by_its_alias() {
    let inner = Select::from_aliased("t", "U0")
        .filter(Expr::column("U0", "parent").eq(Expr::column("t", "id")))
        .limit(1);
    check_expr(
        Expr::exists(inner.clone()),
        r#"EXISTS(SELECT 1 FROM "t" "U0" WHERE "U0"."parent" = "t"."id" LIMIT 1)"#,
        &[],
    );
    check_expr(
        Expr::not_exists(inner.clone()),
        r#"NOT EXISTS(SELECT 1 FROM "t" "U0" WHERE "U0"."parent" = "t"."id" LIMIT 1)"#,
        &[],
    );
    let ids = inner.column("U0", "id");
    check_expr(
        a().in_select(ids.clone()),
        r#""t"."a" IN (SELECT "U0"."id" FROM "t" "U0" WHERE "U0"."parent" = "t"."id" LIMIT 1)"#,
        &[],
    );
    check_expr(
        a().eq(ids),
        r#""t"."a" = (SELECT "U0"."id" FROM "t" "U0" WHERE "U0"."parent" = "t"."id" LIMIT 1)"#,
        &[],
    );
}

#[test]
fn functions_cases_and_casts() {
    check_expr(
        Expr::call(Function::Greatest, [a(), b()]).eq(b().upper()),
        r#"MAX("t"."a", "t"."b") = UPPER("t"."b")"#,
        &[],
    );
    let case = Expr::Case {
        whens: vec![(a().is_null(), Expr::value(0))],
        otherwise: Some(Box::new(b().cast(ColumnType::Integer))),
    };
    check_expr(
        case.gt(Expr::value(1)),
        r#"CASE WHEN "t"."a" IS NULL THEN ? ELSE CAST("t"."b" AS integer) END > ?"#,
        &[Value::Int(0), Value::Int(1)],
    );
    check_expr(
        a().between(Expr::value(1), Expr::value(2)),
        r#""t"."a" BETWEEN ? AND ?"#,
        &[Value::Int(1), Value::Int(2)],
    );
}

#[test]
fn a_select_has_all_its_parts_in_order() {
    let select = Select::from("book")
        .distinct()
        .column("author", "name")
        .expr_as(Expr::count_all(), "n")
        .expr(Expr::column("book", "price").aggregate(Aggregate::Sum))
        .join(Join::left(
            "author",
            "author",
            Expr::column("book", "author_id").eq(Expr::column("author", "id")),
        ))
        .filter(Expr::column("book", "id").gt(Expr::value(1)))
        .filter(Expr::column("book", "id").lt(Expr::value(9)))
        .group_by(Expr::column("author", "name"))
        .having(Expr::count_all().gt(Expr::value(2)))
        .order_by(Expr::column("author", "name").desc().nulls(Nulls::Last))
        .order_by(Expr::bare("n").asc())
        .limit(5)
        .offset(10);
    check(
        &select,
        concat!(
            r#"SELECT DISTINCT "author"."name", COUNT(*) AS "n", SUM("book"."price") FROM "book" "#,
            r#"LEFT OUTER JOIN "author" ON ("book"."author_id" = "author"."id") "#,
            r#"WHERE "book"."id" > ? AND "book"."id" < ? GROUP BY "author"."name" HAVING COUNT(*) > ? "#,
            r#"ORDER BY "author"."name" DESC NULLS LAST, "n" ASC LIMIT 5 OFFSET 10"#,
        ),
        &[Value::Int(1), Value::Int(9), Value::Int(2)],
    );
    let count = Select::from_select(Select::from("t").distinct().column("t", "a"), "subquery")
        .expr(Expr::count_all());
    check(
        &count,
        r#"SELECT COUNT(*) FROM (SELECT DISTINCT "t"."a" FROM "t") "subquery""#,
        &[],
    );
    check(
        &Select::from("t").offset(3),
        r#"SELECT 1 FROM "t" LIMIT -1 OFFSET 3"#,
        &[],
    );
}

#[test]
fn rows_are_inserted_updated_and_deleted() {
    check(
        &Insert::into("t")
            .columns(["a", "b"])
            .row([Expr::value(1), Expr::null()])
            .on_conflict_do_nothing(),
        r#"INSERT INTO "t" ("a", "b") VALUES (?, ?) ON CONFLICT DO NOTHING"#,
        &[Value::Int(1), Value::Null],
    );
    check(
        &Insert::into("t")
            .columns(["a", "b"])
            .row([Expr::value(1), Expr::value(2)])
            .on_conflict_update(["a"], [("b".into(), Expr::Excluded("b".into()))])
            .returning(["id", "b"]),
        r#"INSERT INTO "t" ("a", "b") VALUES (?, ?) ON CONFLICT("a") DO UPDATE SET "b" = EXCLUDED."b" RETURNING "t"."id", "t"."b""#,
        &[Value::Int(1), Value::Int(2)],
    );
    check(
        &Insert::into("t").returning(["id"]),
        r#"INSERT INTO "t" DEFAULT VALUES RETURNING "t"."id""#,
        &[],
    );
    check(
        &Insert::into("t")
            .columns(["a"])
            .select(Select::from("u").column("u", "a"))
            .on_conflict_do_nothing(),
        r#"INSERT INTO "t" ("a") SELECT "u"."a" FROM "u" WHERE 1 = 1 ON CONFLICT DO NOTHING"#,
        &[],
    );
    check(
        &Update::table("t")
            .set("a", a().binary(BinaryOp::Add, Expr::value(1)))
            .set("b", Value::Null)
            .filter(b().is_null()),
        r#"UPDATE "t" SET "a" = ("t"."a" + ?), "b" = ? WHERE "t"."b" IS NULL"#,
        &[Value::Int(1), Value::Null],
    );
    check(
        &Delete::from("t").filter(a().eq(Expr::value(1))),
        r#"DELETE FROM "t" WHERE "t"."a" = ?"#,
        &[Value::Int(1)],
    );
    check(&Delete::from("t"), r#"DELETE FROM "t""#, &[]);
}

#[test]
fn names_are_quoted_whatever_they_hold() {
    let name: Name = r#"a"; DROP TABLE t; --"#.into();
    check(
        &Select::from_aliased(name.clone(), r#"""#).expr(Expr::column(r#"""#, name)),
        r#"SELECT """"."a""; DROP TABLE t; --" FROM "a""; DROP TABLE t; --" """""#,
        &[],
    );
}

#[test]
fn hand_written_sql_keeps_its_values_in_order() {
    let raw = Expr::raw(RawSql::new("json_extract(data, ?) = ?").bind("$.a").bind(1));
    check_expr(
        a().eq(Expr::value(0)).and(raw).and(b().eq(Expr::value(2))),
        r#""t"."a" = ? AND (json_extract(data, ?) = ?) AND "t"."b" = ?"#,
        &[Value::Int(0), text("$.a"), Value::Int(1), Value::Int(2)],
    );
}

#[test]
fn a_prepared_statement_keeps_its_fixed_values_beside_its_slots() {
    static ACTIVE: Prepared = Prepared::new(|| {
        Select::from("t")
            .filter(
                a().eq(Expr::Slot)
                    .and(b().eq(Expr::value(true)))
                    .and(a().lookup(Lookup::Contains, Expr::Slot)),
            )
            .into()
    });
    let values = [Value::Int(1), text("x%")];
    check(
        &ACTIVE.bind(&values),
        concat!(
            r#"SELECT 1 FROM "t" WHERE "t"."a" = ? AND "t"."b" = ? AND "#,
            r#""t"."a" LIKE '%' || REPLACE(REPLACE(REPLACE(?, '\', '\\'), '%', '\%'), '_', '\_') || '%' ESCAPE '\'"#,
        ),
        &[Value::Int(1), Value::Bool(true), text("x%")],
    );
}
