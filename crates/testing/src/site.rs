//! A site of its own for each test.

use nuages_app::{BuiltSite, Settings, Site};
use nuages_auth::User;
use nuages_db::Db;
use nuages_mail::EmailMessage;
use nuages_migrations::Target;
use nuages_web::SharedService;

use crate::client::Client;
use crate::live::LiveServer;

/// Settings of a test: its own in-memory database, a fixed key, a fast hasher, mails that stay here.
const SETTINGS: &str = r#"
secret_key = "a key for tests only, never for a site that anybody can reach"
database_url = "sqlite::memory:"
allowed_hosts = ["testserver", "localhost", "127.0.0.1"]
password_hashers = ["md5", "pbkdf2_sha256"]
email_backend = "memory"
"#;

/// A site of its own for each test: built, migrated, on an in-memory database.
///
/// ```
/// use nuages_app::Site;
/// use nuages_testing::TestSite;
/// use nuages_web::{Urls, get};
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let site = Site::new().urls(Urls::new().path("", get(async || "hello"), "home"));
/// let site = TestSite::new(site).await;
/// assert_eq!(site.client().get("/").await.text(), "hello");
/// # })
/// ```
#[derive(Debug)]
pub struct TestSite {
    site: BuiltSite,
    db: Db,
    service: SharedService,
}

impl TestSite {
    /// Builds the site with the settings of a test.
    ///
    /// # Panics
    /// When the site cannot be built or migrated: a test should stop there.
    pub async fn new(site: Site) -> Self {
        Self::with(site, |_| ()).await
    }

    /// Builds the site with the settings of a test, changed by `change`.
    ///
    /// # Panics
    /// As [`TestSite::new`].
    #[expect(clippy::expect_used, reason = "a test's helper may stop the test")]
    pub async fn with(site: Site, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Self::settings();
        change(&mut settings);
        let site = site
            .with_settings(settings)
            .build()
            .expect("the site is built");
        let db = site.connect().await.expect("the database opens");
        site.migrate(&db, &Target::All)
            .await
            .expect("the migrations apply");
        let service = site.service(&db).expect("the onion is put together");
        Self { site, db, service }
    }

    /// The settings of a test.
    ///
    /// # Panics
    /// Never: they are our own.
    #[expect(clippy::expect_used, reason = "the text above is our own")]
    pub fn settings() -> Settings {
        Settings::from_toml("test.toml", SETTINGS).expect("our own settings are well-formed")
    }

    /// A new browser.
    pub fn client(&self) -> Client {
        Client::new(self.service.clone())
    }

    /// The site's database.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The site.
    pub fn site(&self) -> &BuiltSite {
        &self.site
    }

    /// The site's service, with the whole onion.
    pub fn service(&self) -> SharedService {
        self.service.clone()
    }

    /// The mails that were sent so far, once all that is queued is sent.
    ///
    /// # Django
    /// `mail.outbox`.
    pub async fn outbox(&self) -> Vec<EmailMessage> {
        self.site.mail().flush().await;
        self.site.mail().outbox()
    }

    /// A user with this password.
    ///
    /// # Panics
    /// When the user cannot be saved.
    #[expect(clippy::expect_used, reason = "a test's helper may stop the test")]
    pub async fn create_user(&self, username: &str, password: &str) -> User {
        self.site
            .auth(&self.db)
            .expect("the settings of the users are right")
            .users()
            .create_user(username, "", password)
            .await
            .expect("the user is saved")
    }

    /// A user who may do everything.
    ///
    /// # Panics
    /// When the user cannot be saved.
    #[expect(clippy::expect_used, reason = "a test's helper may stop the test")]
    pub async fn create_superuser(&self, username: &str, password: &str) -> User {
        self.site
            .auth(&self.db)
            .expect("the settings of the users are right")
            .users()
            .create_superuser(username, "", password)
            .await
            .expect("the user is saved")
    }

    /// The site at a real address.
    ///
    /// # Panics
    /// When no port is free.
    #[expect(clippy::expect_used, reason = "a test's helper may stop the test")]
    pub async fn live(&self) -> LiveServer {
        LiveServer::start(self.service.clone())
            .await
            .expect("a free port")
    }
}
