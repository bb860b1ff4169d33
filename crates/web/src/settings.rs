//! The settings of URLs, pages, request bodies and static files.

use nuages_base::settings;
use nuages_security::cookie::SameSite;

settings! {
    /// URLs, pages, request bodies, static files.
    pub struct WebSettings {
        /// APPEND_SLASH: redirect `/about` to `/about/` when only the latter leads anywhere.
        pub append_slash: bool = true,
        /// PREPEND_WWW: redirect to the host with `www.` before it.
        pub prepend_www: bool = false,
        /// DISALLOWED_USER_AGENTS: regular expressions of browsers that get 403.
        pub disallowed_user_agents: Vec<String> = Vec::new(),
        /// BrokenLinkEmailsMiddleware in MIDDLEWARE: outside debug, the managers get a mail about each link that leads nowhere.
        pub broken_link_emails: bool = false,
        /// IGNORABLE_404_URLS: regular expressions of paths about which they get none.
        pub ignorable_404_urls: Vec<String> = Vec::new(),
        /// ConditionalGetMiddleware in MIDDLEWARE: pages get a tag, and who has a page already gets 304.
        pub conditional_get: bool = false,
        /// FORCE_SCRIPT_NAME: what stands before every path of the site in the URLs it writes.
        pub force_script_name: Option<String> = None,
        /// DATA_UPLOAD_MAX_MEMORY_SIZE: the most bytes of a request body without its files.
        pub data_upload_max_memory_size: usize = 2_621_440,
        /// DATA_UPLOAD_MAX_NUMBER_FIELDS: the most fields of a form or query string.
        pub data_upload_max_number_fields: usize = 1000,
        /// DATA_UPLOAD_MAX_NUMBER_FILES: the most files of a form.
        pub data_upload_max_number_files: usize = 100,
        /// FILE_UPLOAD_MAX_MEMORY_SIZE: larger files go to a temporary file while they arrive.
        pub file_upload_max_memory_size: usize = 2_621_440,
        /// FILE_UPLOAD_TEMP_DIR: where those are kept; the system's place when absent.
        pub file_upload_temp_dir: Option<String> = None,
        /// The most bytes of any request body, files included; more is 413. Django leaves this to the
        /// server in front of it.
        pub request_body_max_size: u64 = 268_435_456,
        /// DEFAULT_CHARSET: the encoding of an `HttpResponse` that names none.
        pub default_charset: String = "utf-8".to_owned(),
        /// STATIC_URL: where static files are, with a slash at the end.
        pub static_url: String = "/static/".to_owned(),
        /// STATICFILES_DIRS: folders with static files; the first that has a file wins.
        pub staticfiles_dirs: Vec<String> = vec!["static".to_owned()],
        /// MEDIA_URL: where uploaded files are, with a slash at the end.
        pub media_url: String = "/media/".to_owned(),
        /// MEDIA_ROOT: the folder of uploaded files.
        pub media_root: String = "media".to_owned(),
        /// FILE_UPLOAD_PERMISSIONS: the permissions of stored files, such as `0o644`.
        pub file_upload_permissions: Option<u32> = Some(0o644),
        /// FILE_UPLOAD_DIRECTORY_PERMISSIONS: those of the folders made for them; the system's when absent.
        pub file_upload_directory_permissions: Option<u32> = None,
        /// TEMPLATES["DIRS"]: folders with templates; the first that has a template wins.
        pub template_dirs: Vec<String> = vec!["templates".to_owned()],
        /// The most seconds that the rendering of one page may take; then it is stopped with 503. Django leaves this to the
        /// server in front of it, where a page that computes cannot be stopped.
        pub page_timeout: u64 = 30,
        /// TIME_ZONE: in which pages show times.
        pub time_zone: String = "UTC".to_owned(),
        /// LANGUAGE_CODE: the language of the site.
        pub language_code: String = "en-us".to_owned(),
        /// LANGUAGES: the codes of the languages that visitors may choose; when empty, that of the site and those with a catalogue.
        pub languages: Vec<String> = Vec::new(),
        /// LOCALE_PATHS: folders with translations, `de/LC_MESSAGES/django.po` and the like; the first that has a text wins.
        pub locale_paths: Vec<String> = vec!["locale".to_owned()],
        /// USE_TZ: pages show times in the time zone that a layer chose for the request; times have a zone in any case.
        pub use_tz: bool = true,
        /// USE_I18N: translate at all.
        pub use_i18n: bool = true,
        /// USE_THOUSAND_SEPARATOR: group the digits of numbers on pages.
        pub use_thousand_separator: bool = false,
        /// LocaleMiddleware in MIDDLEWARE: a page is in the language that the visitor's cookie or browser asks for.
        pub language_from_request: bool = false,
        /// LANGUAGE_COOKIE_NAME: the cookie with the language that a visitor has chosen.
        pub language_cookie_name: String = "django_language".to_owned(),
        /// LANGUAGE_COOKIE_AGE: for how many seconds it is kept; nothing for the browser's session.
        pub language_cookie_age: Option<i64> = Some(60 * 60 * 24 * 365),
        /// LANGUAGE_COOKIE_DOMAIN: the domain that shares it with its subdomains.
        pub language_cookie_domain: Option<String> = None,
        /// LANGUAGE_COOKIE_HTTPONLY: hide it from scripts.
        pub language_cookie_httponly: bool = false,
        /// LANGUAGE_COOKIE_PATH: the path it is sent back to.
        pub language_cookie_path: String = "/".to_owned(),
        /// LANGUAGE_COOKIE_SAMESITE: whether other sites' requests carry it.
        pub language_cookie_samesite: SameSite = SameSite::Lax,
        /// LANGUAGE_COOKIE_SECURE: send it over HTTPS only, as is done in any case where it was set over HTTPS.
        pub language_cookie_secure: bool = false,
    }
}
