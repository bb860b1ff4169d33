//! Makes and finds users.

use nuages_base::Clock;
use nuages_db::Db;
use nuages_orm::Model as _;

use crate::passwords::{PasswordPool, PasswordValidators, unusable_password};
use crate::username::{normalize_email, normalize_username, unicode_ci_compare};
use crate::{Error, User, uid_decode};

/// Makes and finds users, and looks after their passwords.
///
/// # Django
/// `User.objects`, a `UserManager`, and the password methods of `AbstractBaseUser`.
#[derive(Debug, Clone)]
pub struct Users {
    db: Db,
    pool: PasswordPool,
    validators: PasswordValidators,
    clock: Clock,
}

impl Users {
    /// The users of this database.
    pub fn new(db: Db, pool: PasswordPool, clock: Clock) -> Self {
        Self {
            db,
            pool,
            validators: PasswordValidators::none(),
            clock,
        }
    }

    /// Tells these validators of every password that is stored.
    pub fn with_validators(mut self, validators: PasswordValidators) -> Self {
        self.validators = validators;
        self
    }

    /// Makes a user without any privileges; without a password nobody can log in as them.
    ///
    /// # Errors
    /// When the username is empty or taken.
    pub async fn create_user<'p>(
        &self,
        username: &str,
        email: &str,
        password: impl Into<Option<&'p str>>,
    ) -> Result<User, Error> {
        self.create(username, email, password.into(), false).await
    }

    /// Makes a user who has every permission and may enter the admin.
    ///
    /// # Errors
    /// When the username is empty or taken.
    pub async fn create_superuser<'p>(
        &self,
        username: &str,
        email: &str,
        password: impl Into<Option<&'p str>>,
    ) -> Result<User, Error> {
        self.create(username, email, password.into(), true).await
    }

    async fn create(
        &self,
        username: &str,
        email: &str,
        password: Option<&str>,
        superuser: bool,
    ) -> Result<User, Error> {
        if username.is_empty() {
            return Err(Error::empty_username());
        }
        let mut user = User {
            username: normalize_username(username).into_owned(),
            email: normalize_email(email),
            is_staff: superuser,
            is_superuser: superuser,
            password: match password {
                Some(password) => self.pool.make_password(password).await?,
                None => unusable_password(),
            },
            date_joined: self.clock.now(),
            ..User::blank()
        };
        user.insert(&self.db).await.map_err(Error::saving_user)?;
        if let Some(password) = password {
            self.tell(&user, password);
        }
        Ok(user)
    }

    /// The user of a key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_id(&self, id: i64) -> Result<Option<User>, Error> {
        Ok(User::objects()
            .get_or_none(|user| user.id().eq(id), &self.db)
            .await?)
    }

    /// The user of a name, exactly as it is spelt.
    ///
    /// # Errors
    /// When the database fails.
    ///
    /// # Django
    /// `get_by_natural_key`.
    pub async fn by_username(&self, username: &str) -> Result<Option<User>, Error> {
        Ok(User::objects()
            .get_or_none(|user| user.username().eq(username), &self.db)
            .await?)
    }

    /// The user of the link in a mail: see [`uid_encode`](crate::uid_encode).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_uid(&self, uid: &str) -> Result<Option<User>, Error> {
        match uid_decode(uid) {
            Some(id) => self.by_id(id).await,
            None => Ok(None),
        }
    }

    /// The users who may have a new password by mail to this address: active, with a password, and with an address that is
    /// this one but for its case.
    ///
    /// # Errors
    /// When the database fails.
    ///
    /// # Security
    /// A database compares loosely; [`unicode_ci_compare`](crate::unicode_ci_compare) has the last word.
    /// Write to the address of the user, never to the one that was asked for.
    ///
    /// # Django
    /// `PasswordResetForm.get_users`.
    pub async fn by_email(&self, email: &str) -> Result<Vec<User>, Error> {
        let mut found = User::objects()
            .filter(|user| user.email().iexact(email))
            .filter(|user| user.is_active().eq(true))
            .all(&self.db)
            .await?;
        found.retain(|user| user.has_usable_password() && unicode_ci_compare(email, &user.email));
        Ok(found)
    }

    /// True when there is a user of this name in whatever case.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_taken(&self, username: &str) -> Result<bool, Error> {
        Ok(User::objects()
            .filter(|user| user.username().iexact(username))
            .exists(&self.db)
            .await?)
    }

    /// Checks a password; when it is right and stored in an outdated way, stores it anew.
    ///
    /// # Errors
    /// When too many passwords are waiting to be hashed, or the database fails.
    pub async fn check_password(&self, user: &mut User, password: &str) -> Result<bool, Error> {
        let verified = self.pool.verify(password, &user.password).await?;
        if verified.is_correct && verified.must_update {
            // The password stays the same, so the validators hear nothing.
            self.store_password(user, password).await?;
        }
        Ok(verified.is_correct)
    }

    /// Stores a new password. All sessions of the user end with that, but for the one that
    /// [`AuthRequest::update_session_auth_hash`](crate::AuthRequest::update_session_auth_hash) keeps.
    ///
    /// # Errors
    /// When too many passwords are waiting to be hashed, or the database fails.
    pub async fn set_password(&self, user: &mut User, password: &str) -> Result<(), Error> {
        self.store_password(user, password).await?;
        self.tell(user, password);
        Ok(())
    }

    /// As [`set_password`](Self::set_password), but only while the user still has the password that `user` says; false when not.
    pub(crate) async fn replace_password(
        &self,
        user: &mut User,
        password: &str,
    ) -> Result<bool, Error> {
        let (id, old) = (user.id, std::mem::take(&mut user.password));
        user.password = self.pool.make_password(password).await?;
        let changed = User::objects()
            .filter(|row| row.id().eq(id))
            .filter(|row| row.password().eq(old))
            .update(|row| row.password().set(user.password.clone()), &self.db)
            .await?;
        if changed > 0 {
            self.tell(user, password);
        }
        Ok(changed > 0)
    }

    async fn store_password(&self, user: &mut User, password: &str) -> Result<(), Error> {
        user.password = self.pool.make_password(password).await?;
        user.save_only(|user| user.password(), &self.db).await?;
        Ok(())
    }

    fn tell(&self, user: &User, password: &str) {
        self.validators
            .password_changed(password, Some(&user.password_owner()));
    }

    /// Notes that the user has just logged in.
    pub(crate) async fn note_login(&self, user: &mut User) -> Result<(), Error> {
        user.last_login = Some(self.clock.now());
        user.save_only(|user| user.last_login(), &self.db).await?;
        Ok(())
    }

    /// Does the work of one password check for an account that does not exist.
    pub(crate) async fn waste_one_hash(&self, password: &str) -> Result<(), Error> {
        Ok(self.pool.waste_one_hash(password).await?)
    }
}
