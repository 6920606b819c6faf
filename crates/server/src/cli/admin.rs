//! `tahuang admin`

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use clap::Subcommand;
use tahuang_app::{Account, Asker};
use tahuang_domain::{AreaCode, Language};

use super::{Format, parse_area, print_rows};
use crate::data::{Access, Data};

#[derive(Subcommand)]
pub enum Admin {
    /// Make an account; its password is printed once
    Create {
        /// What is typed to sign in
        login: String,
        /// The person's name
        #[arg(long)]
        name: String,
        /// A role of catalog/roles.toml, for instance township_officer
        #[arg(long)]
        role: String,
        /// The area in which the role is held, with everything below it
        #[arg(long, value_parser = parse_area)]
        area: AreaCode,
    },
    /// List accounts
    List,
    /// Give an account a new password, printed once; ends its sessions and its lock
    ResetPassword {
        /// The account
        login: String,
    },
    /// End an account
    Disable {
        /// The account
        login: String,
    },
    /// Keep API keys of Open311: create, list, revoke
    #[command(subcommand)]
    Key(Key),
}

#[derive(Subcommand)]
pub enum Key {
    /// Make a key; it is printed once
    Create {
        /// What it is called, for instance after the program that uses it
        name: String,
        /// The area whose cases it may report and follow, with everything below it
        #[arg(long, value_parser = parse_area)]
        area: AreaCode,
        /// A role of catalog/roles.toml that is for keys
        #[arg(long, default_value = "open311")]
        role: String,
    },
    /// List keys
    List,
    /// End a key
    Revoke {
        /// The key's name
        name: String,
    },
}

impl Admin {
    pub fn run(self, directory: &Path) -> anyhow::Result<ExitCode> {
        let access = if matches!(self, Self::List | Self::Key(Key::List)) { Access::Read } else { Access::Write };
        let data = Data::open(directory, access)?;
        let app = &data.app;
        let mut out = std::io::stdout().lock();
        match self {
            Self::Create { login, name, role, area } => {
                let password = app.create_account(&Asker::Console, &login, &name, &role, area, None)?;
                writeln!(out, "{login}\t{password}")?;
            }
            Self::ResetPassword { login } => {
                let password = app.reset_password(&Asker::Console, &login, None)?;
                writeln!(out, "{login}\t{password}")?;
            }
            Self::Disable { login } => app.disable_account(&Asker::Console, &login)?,
            Self::Key(Key::Create { name, area, role }) => {
                writeln!(out, "{}", app.create_key(&Asker::Console, &name, &role, area)?)?;
            }
            Self::Key(Key::Revoke { name }) => app.revoke_key(&Asker::Console, &name)?,
            Self::List | Self::Key(Key::List) => {
                let memory = app.memory();
                let listed = |account: &&Account| !matches!(self, Self::Key(_)) || app.is_key(account);
                let mut accounts: Vec<_> = memory.accounts.values().filter(listed).collect();
                accounts.sort_by(|a, b| a.login.cmp(&b.login));
                let rows: Vec<Vec<String>> = accounts
                    .into_iter()
                    .map(|account| {
                        let role = app.knowledge().roles.get(&account.grant.role);
                        vec![
                            account.login.clone(),
                            account.name.clone(),
                            role.map_or("", |role| role.names.get(Language::ZhCn)).to_owned(),
                            app.areas().path(account.grant.scope),
                            if account.disabled { "disabled" } else { "" }.to_owned(),
                        ]
                    })
                    .collect();
                print_rows(&mut out, Format::Table, &["login", "姓名", "角色", "区域", ""], &rows)?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
