const _: () = {
    use ::nuages_orm::__derive as __orm;
    static FIELDS: [__orm::FieldMeta; 5] = [
        <Auto<i64> as __orm::Field>::META.named("id", "id_id", ::core::option::Option::None),
        __orm::FieldMeta {
            kind: __orm::FieldMeta::sized(<String as __orm::Field>::META.kind, 200),
            db_index: true,
            ..<String as __orm::Field>::META
        }
        .named("title", "title_id", ::core::option::Option::None),
        __orm::FieldMeta {
            related_name: ::core::option::Option::Some("posts"),
            on_delete: ::core::option::Option::Some(__orm::OnDelete::SetNull),
            ..<Option<ForeignKey<Author>> as __orm::Field>::META
        }
        .named("author", "author_id", ::core::option::Option::None),
        <bool as __orm::Field>::META.named("final", "final_id", ::core::option::Option::None),
        __orm::FieldMeta {
            auto_now: ::core::option::Option::Some(__orm::AutoNow::FirstSave),
            ..<Timestamp as __orm::Field>::META
        }
        .named("published", "published_id", ::core::option::Option::None),
    ];
    static STATEMENTS: __orm::Statements = __orm::Statements::new(
        || __orm::Statements::make_by_pk(&META),
        || __orm::Statements::make_insert(&META),
        || __orm::Statements::make_update(&META),
    );
    static META: __orm::ModelMeta = __orm::ModelMeta {
        ordering: &[
            __orm::Sorted {
                field: "published",
                descending: true,
            },
            __orm::Sorted {
                field: "title",
                descending: false,
            },
        ],
        unique_together: &[&["author", "title"]],
        indexes: &[__orm::IndexMeta {
            name: ::core::option::Option::None,
            fields: &[__orm::Sorted {
                field: "published",
                descending: false,
            }],
        }],
        permissions: &[("feature", "Can feature a post")],
        ..__orm::ModelMeta::new("blog", "Post", "blog_post", &FIELDS, 0, &STATEMENTS)
    };
    #[doc = "The columns of [`Post`], as its querysets see them."]
    #[derive(Clone, Debug)]
    pub struct PostPath(__orm::Anchor);
    #[allow(dead_code, reason = "not every column is asked for")]
    impl PostPath {
        #[doc = "The column of `id`."]
        pub fn id(&self) -> <Auto<i64> as __orm::Field>::Path {
            <Auto<i64> as __orm::Field>::path(&self.0, &FIELDS[0])
        }
        #[doc = r" What it is called."]
        pub fn title(&self) -> <String as __orm::Field>::Path {
            <String as __orm::Field>::path(&self.0, &FIELDS[1])
        }
        #[doc = "The column of `author`."]
        pub fn author(&self) -> <Option<ForeignKey<Author>> as __orm::Field>::Path {
            <Option<ForeignKey<Author>> as __orm::Field>::path(&self.0, &FIELDS[2])
        }
        #[doc = "The column of `final`."]
        fn r#final(&self) -> <bool as __orm::Field>::Path {
            <bool as __orm::Field>::path(&self.0, &FIELDS[3])
        }
        #[doc = "The column of `published`."]
        pub fn published(&self) -> <Timestamp as __orm::Field>::Path {
            <Timestamp as __orm::Field>::path(&self.0, &FIELDS[4])
        }
        #[doc = r" The column of the primary key."]
        pub fn pk(&self) -> <Auto<i64> as __orm::Field>::Path {
            self.id()
        }
    }
    impl __orm::ModelPath for PostPath {
        fn at(anchor: __orm::Anchor) -> Self {
            Self(anchor)
        }
        fn anchor(&self) -> &__orm::Anchor {
            &self.0
        }
    }
    impl __orm::Record for Post {
        fn model_meta(&self) -> &'static __orm::ModelMeta {
            &META
        }
        fn sql_value(&self, index: usize) -> __orm::SqlValue {
            match index {
                0 => __orm::Field::write(&self.id),
                1 => __orm::Field::write(&self.title),
                2 => __orm::Field::write(&self.author),
                3 => __orm::Field::write(&self.r#final),
                4 => __orm::Field::write(&self.published),
                _ => __orm::SqlValue::Null,
            }
        }
        fn set_sql_value(
            &mut self,
            index: usize,
            value: __orm::SqlValue,
        ) -> ::core::result::Result<(), __orm::FieldError> {
            match index {
                0 => self.id = __orm::Field::read(value)?,
                1 => self.title = __orm::Field::read(value)?,
                2 => self.author = __orm::Field::read(value)?,
                3 => self.r#final = __orm::Field::read(value)?,
                4 => self.published = __orm::Field::read(value)?,
                _ => {}
            }
            ::core::result::Result::Ok(())
        }
    }
    impl __orm::Model for Post {
        type Path = PostPath;
        type Key = <Auto<i64> as __orm::Field>::Value;
        fn meta() -> &'static __orm::ModelMeta {
            &META
        }
        fn from_row(
            row: &mut __orm::RowReader<'_>,
        ) -> ::core::result::Result<Self, __orm::FieldError> {
            ::core::result::Result::Ok(Self {
                id: row.next()?,
                title: row.next()?,
                author: row.next()?,
                r#final: row.next()?,
                published: row.next()?,
            })
        }
        fn load_related(
            &mut self,
            index: usize,
            branch: &__orm::Branch,
            row: &mut __orm::RowReader<'_>,
        ) -> ::core::result::Result<(), __orm::FieldError> {
            match index {
                0 => __orm::Field::load(&mut self.id, branch, row),
                1 => __orm::Field::load(&mut self.title, branch, row),
                2 => __orm::Field::load(&mut self.author, branch, row),
                3 => __orm::Field::load(&mut self.r#final, branch, row),
                4 => __orm::Field::load(&mut self.published, branch, row),
                _ => ::core::result::Result::Ok(()),
            }
        }
        fn blank() -> Self {
            Self {
                id: <Auto<i64> as __orm::Field>::blank(),
                title: <String as __orm::Field>::blank(),
                author: <Option<ForeignKey<Author>> as __orm::Field>::blank(),
                r#final: true,
                published: <Timestamp as __orm::Field>::blank(),
            }
        }
        fn key(&self) -> ::core::option::Option<Self::Key> {
            __orm::Field::key(&self.id)
        }
    }
    impl __orm::Object for Post {
        fn attr(&self, name: &str) -> ::core::option::Option<__orm::Shown<'_>> {
            match name {
                "id" => __orm::Field::show(&self.id),
                "title" => __orm::Field::show(&self.title),
                "author" => __orm::Field::show(&self.author),
                "final" => __orm::Field::show(&self.r#final),
                "published" => __orm::Field::show(&self.published),
                "summary" => ::core::option::Option::Some(__orm::Shown::from(self.summary())),
                "pk" => __orm::Field::show(&self.id),
                other => __orm::attribute(self, other),
            }
        }
        fn display(&self, out: &mut dyn ::core::fmt::Write) -> ::core::fmt::Result {
            __orm::display(self, out)
        }
        fn unloaded(&self, name: &str) -> ::core::option::Option<::std::borrow::Cow<'static, str>> {
            __orm::unloaded(self, name)
        }
        fn identity(&self) -> ::core::option::Option<(&'static str, __orm::Shown<'_>)> {
            __orm::identity(self)
        }
    }
    impl __orm::ToValue for Post {
        fn to_value(&self) -> __orm::Shown<'_> {
            __orm::Shown::Object(self)
        }
    }
};
