//! The records of Django 6.0, where the folder of the corpus is there.

use nuages_sql::{
    Change, Column, ColumnType, Dialect, Index, IndexColumn, Name, Reference, SQLITE, Statement,
    Table, UniqueConstraint, auto_index_name, index_name, names_digest, print_inline,
    truncate_name,
};
use serde_json::Value as Json;

use crate::told::{Told, folder, tell};

/// What we say and what Django says; `None` where the record asks for what we do not have.
type Outcome<T> = Option<(T, T)>;

fn replay<T: PartialEq + std::fmt::Debug>(kind: &str, run: impl Fn(&Json, &Json) -> Outcome<T>) {
    let Some(path) = folder("forms").map(|folder| folder.join("schema.jsonl")) else {
        return;
    };
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {kind} ({} is not there)", path.display());
        return;
    };
    let (mut same, mut skipped, mut failures) = (0, 0, Vec::new());
    for line in text.lines() {
        let record: Json = serde_json::from_str(line).unwrap();
        if record["kind"] != kind {
            continue;
        }
        let id = record["id"].as_str().unwrap();
        let vendor = record["inputs"]["vendor"].as_str().unwrap_or("sqlite");
        let outcome = if vendor == "sqlite" {
            run(&record["inputs"], &record["expected"])
        } else {
            None
        };
        match outcome {
            None => {
                skipped += 1;
                tell(
                    id,
                    Told::Skipped,
                    "asks for what this version does not have",
                );
            }
            Some((ours, theirs)) if ours == theirs => {
                same += 1;
                tell(id, Told::Passed, "");
            }
            Some((ours, theirs)) => {
                let how = format!("\n  ours     {ours:?}\n  Django's {theirs:?}");
                tell(id, Told::Failed, &how);
                failures.push(format!("{id}:{how}"));
            }
        }
    }
    println!(
        "{kind}: {same} same, {skipped} skipped, {} differ",
        failures.len()
    );
    assert!(failures.is_empty(), "{kind}:\n{}", failures.join("\n"));
}

fn texts(list: &Json) -> Option<Vec<&str>> {
    list.as_array()?.iter().map(Json::as_str).collect()
}

fn number<T: TryFrom<u64>>(value: &Json) -> Option<T> {
    value.as_u64()?.try_into().ok()
}

#[test]
fn names_are_djangos() {
    replay("names_digest", |inputs, expected| {
        let length = number(&inputs["length"])?;
        Some((
            names_digest(&texts(&inputs["args"])?, length),
            expected["digest"].as_str()?.to_owned(),
        ))
    });
    replay("truncate_name", |inputs, expected| {
        let name = inputs["identifier"].as_str()?;
        let length = number(&inputs["length"]);
        Some((
            truncate_name(name, length, number(&inputs["hash_len"])?),
            expected["name"].as_str()?.to_owned(),
        ))
    });
    replay("index_name", |inputs, expected| {
        let (table, columns) = (inputs["table"].as_str()?, texts(&inputs["columns"])?);
        let suffix = inputs["suffix"].as_str()?;
        let ours = [200, 63].map(|length| index_name(table, &columns, suffix, length));
        let theirs = ["sqlite", "postgresql"].map(|vendor| expected[vendor].as_str());
        Some((ours, [theirs[0]?.to_owned(), theirs[1]?.to_owned()]))
    });
    replay("index_auto_name", |inputs, expected| {
        let mut columns: Vec<String> = texts(&inputs["fields"])?
            .into_iter()
            .map(str::to_owned)
            .collect();
        if let Some(map) = inputs["columns"].as_object() {
            for column in &mut columns {
                let (sign, field) = column.split_at(usize::from(column.starts_with('-')));
                if let Some(other) = map.get(field).and_then(Json::as_str) {
                    *column = format!("{sign}{other}");
                }
            }
        }
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let name = expected["name"].as_str()?;
        Some((
            auto_index_name(inputs["table"].as_str()?, &columns),
            name.to_owned(),
        ))
    });
}

#[test]
fn column_types_are_djangos() {
    replay("column_type", |inputs, expected| {
        let field = &inputs["field"];
        let kind = kind(field["class"].as_str()?, &field["kwargs"])?;
        let theirs = expected["sqlite"]["type"].as_str()?;
        let relation = expected["sqlite"]["rel_type"].as_str()?;
        Some((
            (
                SQLITE.column_type(kind).into_owned(),
                SQLITE.column_type(kind.of_foreign_key()).into_owned(),
            ),
            (theirs.to_owned(), relation.to_owned()),
        ))
    });
}

#[test]
fn tables_are_djangos() {
    replay("schema_create", |inputs, expected| {
        let theirs = statements(expected)?;
        let tables = tables(&inputs["models"])?;
        // Django makes the indexes after all tables.
        let made: Vec<Vec<Statement>> = tables
            .iter()
            .map(|table| SQLITE.create_table(table))
            .collect();
        let first = made.iter().filter_map(|statements| statements.first());
        let rest = made.iter().flat_map(|statements| statements.iter().skip(1));
        let ours: Vec<String> = first.chain(rest).map(with_semicolon).collect();
        Some((ours, theirs))
    });
}

#[test]
fn changes_are_djangos() {
    replay("schema_alter", |inputs, expected| {
        let theirs = statements(expected)?;
        let (models, op) = (inputs["models"].as_array()?, &inputs["op"]);
        let tables = tables(&inputs["models"])?;
        let table = tables.last()?;
        let change = change(models, table, op)?;
        let ours: Vec<String> = SQLITE
            .alter(table, &change)
            .iter()
            .map(with_semicolon)
            .collect();
        // A fill Django calls in lower case.
        let ours = ours
            .iter()
            .map(|sql| sql.replace("COALESCE(", "coalesce("))
            .collect();
        // Django looks at neither when it renames a column: it forgets the new index, and leaves
        // the check of a type that is gone.
        if let Change::AlterColumn { name, to, .. } = &change {
            let json = table
                .find(name)
                .is_some_and(|column| column.kind == ColumnType::Json);
            if *name != to.name && (to.index || json) {
                return None;
            }
        }
        Some((ours, theirs))
    });
}

/// Django's statements; a tablespace, which SQLite does not have, leaves a space behind.
fn statements(expected: &Json) -> Option<Vec<String>> {
    let list = texts(&expected["statements"])?;
    Some(list.iter().map(|sql| sql.replace(" ;", ";")).collect())
}

fn with_semicolon(statement: &Statement) -> String {
    format!("{};", print_inline(statement, &SQLITE))
}

/// The options that change nothing in SQLite's tables, and those that are understood.
const OPTIONS: [&str; 26] = [
    "null",
    "max_length",
    "db_column",
    "to",
    "db_index",
    "unique",
    "on_delete",
    "primary_key",
    "blank",
    "related_name",
    "default",
    "db_tablespace",
    "db_comment",
    "choices",
    "max_digits",
    "decimal_places",
    "protocol",
    "editable",
    "db_constraint",
    "validators",
    "auto_now_add",
    "auto_now",
    "allow_unicode",
    "unpack_ipv4",
    "upload_to",
    "verbose_name",
];

fn kind(class: &str, options: &Json) -> Option<ColumnType> {
    let known = |name: &String| OPTIONS.contains(&name.as_str());
    if !options.as_object()?.keys().all(known) {
        return None;
    }
    let length = |default: u32| match &options["max_length"] {
        Json::Null => Some(default),
        given => number(given),
    };
    Some(match class {
        "AutoField" => ColumnType::Auto,
        "BigAutoField" => ColumnType::BigAuto,
        "SmallAutoField" => ColumnType::SmallAuto,
        "BooleanField" => ColumnType::Boolean,
        "SmallIntegerField" => ColumnType::SmallInteger,
        "IntegerField" => ColumnType::Integer,
        "BigIntegerField" => ColumnType::BigInteger,
        "PositiveSmallIntegerField" => ColumnType::PositiveSmallInteger,
        "PositiveIntegerField" => ColumnType::PositiveInteger,
        "PositiveBigIntegerField" => ColumnType::PositiveBigInteger,
        "CharField" => ColumnType::Varchar(number(&options["max_length"])?),
        "SlugField" => ColumnType::Varchar(length(50)?),
        "EmailField" => ColumnType::Varchar(length(254)?),
        "URLField" => ColumnType::Varchar(length(200)?),
        "FileField" | "ImageField" | "FilePathField" => ColumnType::Varchar(length(100)?),
        "TextField" => ColumnType::Text,
        "DateTimeField" => ColumnType::DateTime,
        "DateField" => ColumnType::Date,
        "TimeField" => ColumnType::Time,
        "FloatField" => ColumnType::Float,
        "DecimalField" => ColumnType::Decimal {
            max_digits: number(&options["max_digits"])?,
            decimal_places: number(&options["decimal_places"])?,
        },
        "BinaryField" => ColumnType::Binary,
        "JSONField" => ColumnType::Json,
        "UUIDField" => ColumnType::Uuid,
        "DurationField" => ColumnType::Duration,
        "GenericIPAddressField" => ColumnType::IpAddress,
        _ => return None,
    })
}

fn table_name(model: &Json) -> Option<Name> {
    let name = match &model["meta"]["db_table"] {
        Json::Null => format!("app_{}", model["name"].as_str()?.to_lowercase()),
        given => given.as_str()?.to_owned(),
    };
    // Django does not double a quote inside a name.
    (!name.contains('"')).then(|| name.into())
}

fn tables(models: &Json) -> Option<Vec<Table>> {
    let models = models.as_array()?;
    models.iter().map(|model| table(models, model)).collect()
}

fn table(models: &[Json], model: &Json) -> Option<Table> {
    if model.get("bases").is_some() {
        return None;
    }
    let mut table = Table::new(table_name(model)?);
    for (name, column) in columns(models, model)? {
        let _ = name;
        table.columns.push(column);
    }
    for (option, value) in model["meta"].as_object().into_iter().flatten() {
        match option.as_str() {
            "db_table" | "db_table_comment" => {}
            "unique_together" => {
                for fields in value.as_array()? {
                    let fields = texts(fields)?;
                    table
                        .unique_together
                        .push(column_names(models, model, &fields)?);
                }
            }
            "indexes" => {
                for index in value.as_array()? {
                    table.indexes.push(read_index(models, model, index)?);
                }
            }
            "constraints" => {
                for constraint in value.as_array()? {
                    table
                        .constraints
                        .push(read_constraint(models, model, constraint)?);
                }
            }
            _ => return None,
        }
    }
    Some(table)
}

fn columns(models: &[Json], model: &Json) -> Option<Vec<(String, Column)>> {
    let fields = model["fields"].as_array()?;
    let has_key = fields
        .iter()
        .any(|field| field[1]["kwargs"]["primary_key"] == true);
    let mut columns = Vec::new();
    if !has_key {
        columns.push((
            "id".to_owned(),
            Column::new("id", ColumnType::BigAuto).primary_key(),
        ));
    }
    for field in fields {
        let name = field[0].as_str()?;
        columns.push((name.to_owned(), column(models, name, &field[1])?));
    }
    Some(columns)
}

fn column(models: &[Json], name: &str, field: &Json) -> Option<Column> {
    let (class, options) = (field["class"].as_str()?, &field["kwargs"]);
    let is_reference = matches!(class, "ForeignKey" | "OneToOneField");
    let mut column = if is_reference {
        let known = |name: &String| OPTIONS.contains(&name.as_str());
        if !options.as_object()?.keys().all(known) {
            return None;
        }
        let target = models.iter().find(|model| model["name"] == options["to"])?;
        let key = columns(models, target)?
            .into_iter()
            .find(|(_, column)| column.primary_key)?
            .1;
        let mut column = Column::new(format!("{name}_id"), key.kind.of_foreign_key());
        column.references = Some(Reference {
            table: table_name(target)?,
            column: key.name,
            constraint: options["db_constraint"] != false,
        });
        column
    } else {
        Column::new(name.to_owned(), kind(class, options)?)
    };
    if let Some(other) = options["db_column"].as_str() {
        column.name = other.to_owned().into();
        if other.contains('"') {
            return None;
        }
    }
    column.null = options["null"] == true;
    column.unique = options["unique"] == true || class == "OneToOneField";
    column.primary_key = options["primary_key"] == true;
    column.index = match options["db_index"].as_bool() {
        Some(given) => given,
        None => is_reference || class == "SlugField",
    };
    Some(column)
}

fn column_names(models: &[Json], model: &Json, fields: &[&str]) -> Option<Vec<Name>> {
    let columns = columns(models, model)?;
    let find = |field: &&str| {
        let found = columns.iter().find(|(name, _)| name == field)?;
        Some(found.1.name.clone())
    };
    fields.iter().map(find).collect()
}

fn read_index(models: &[Json], model: &Json, index: &Json) -> Option<Index> {
    if !index
        .as_object()?
        .keys()
        .all(|key| matches!(key.as_str(), "fields" | "name" | "db_tablespace"))
    {
        return None;
    }
    let fields = texts(&index["fields"])?;
    let bare: Vec<&str> = fields
        .iter()
        .map(|field| field.trim_start_matches('-'))
        .collect();
    let names = column_names(models, model, &bare)?;
    let columns: Vec<IndexColumn> = names
        .into_iter()
        .zip(&fields)
        .map(|(name, field)| IndexColumn {
            name,
            descending: field.starts_with('-'),
        })
        .collect();
    let name = if let Some(name) = index["name"].as_str() {
        name.to_owned()
    } else {
        let sign = |one: &IndexColumn| if one.descending { "-" } else { "" };
        let signed: Vec<String> = columns
            .iter()
            .map(|one| format!("{}{}", sign(one), one.name))
            .collect();
        let signed: Vec<&str> = signed.iter().map(String::as_str).collect();
        auto_index_name(&table_name(model)?, &signed)
    };
    Some(Index::new(name, columns))
}

fn read_constraint(models: &[Json], model: &Json, constraint: &Json) -> Option<UniqueConstraint> {
    let unique = constraint.get("unique")?;
    if !unique
        .as_object()?
        .keys()
        .all(|key| matches!(key.as_str(), "fields" | "name"))
    {
        return None;
    }
    let columns = column_names(models, model, &texts(&unique["fields"])?)?;
    Some(UniqueConstraint {
        name: unique["name"].as_str()?.to_owned().into(),
        columns,
    })
}

fn change(models: &[Json], table: &Table, op: &Json) -> Option<Change> {
    let model = models.last()?;
    let old_column = || {
        let name = op["name"].as_str()?;
        let found = columns(models, model)?
            .into_iter()
            .find(|(field, _)| field == name)?;
        Some(found.1)
    };
    Some(match op["op"].as_str()? {
        "add_field" => {
            let column = column(models, op["name"].as_str()?, &op["new"])?;
            Change::AddColumn {
                fill: fill(&column, &op["new"]["kwargs"])?,
                column,
            }
        }
        "remove_field" => Change::DropColumn(old_column()?.name),
        "alter_field" => {
            let name = op["new_name"].as_str().or(op["name"].as_str())?;
            let to = column(models, name, &op["new"])?;
            let old = old_column()?;
            if old == to {
                return None;
            }
            Change::AlterColumn {
                name: old.name,
                fill: fill(&to, &op["new"]["kwargs"])?,
                to,
                related: vec![],
            }
        }
        "add_index" => Change::AddIndex(read_index(models, model, &op["index"])?),
        "remove_index" => Change::DropIndex(read_index(models, model, &op["index"])?.name),
        "alter_db_table" => Change::Rename(op["new"].as_str()?.to_owned().into()),
        "alter_unique_together" => {
            let new = op["new"].as_array()?.iter();
            let new = new
                .map(|fields| column_names(models, model, &texts(fields)?))
                .collect::<Option<Vec<_>>>()?;
            if table.unique_together.iter().any(|old| !new.contains(old)) {
                return None;
            }
            Change::UniqueTogether(new)
        }
        // The records of constraints were made without changing the model: nothing to compare with.
        _ => return None,
    })
}

/// What Django gives existing rows.
fn fill(column: &Column, options: &Json) -> Option<nuages_sql::Value> {
    if options["auto_now"] == true || options["auto_now_add"] == true {
        return None;
    }
    let empty = options["blank"] == true && !column.null && column.kind.holds_text();
    Some(match &options["default"] {
        Json::Null if empty => nuages_sql::Value::from(""),
        Json::Null => nuages_sql::Value::Null,
        Json::Bool(value) => nuages_sql::Value::from(*value),
        Json::String(value) => nuages_sql::Value::from(value.as_str()),
        Json::Number(value) => nuages_sql::Value::Int(value.as_i64()?),
        _ => return None,
    })
}
