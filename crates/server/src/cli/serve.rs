//! `tahuang serve`

use std::io::{IsTerminal as _, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use tahuang_app::{App, Asker, SignInError};
use tahuang_domain::{AreaCode, Language, Level};
use tahuang_http::{Door, Settings};
use tahuang_notify::post::Post;
use tahuang_notify::rules::Rules;
use tracing_subscriber::EnvFilter;

use super::{Format, print_rows};
use crate::config::Config;
use crate::data::{Access, Data};
use crate::pages;
use crate::timer::Timer;

/// How long running requests have after the server was told to stop.
const STOPPING_SECONDS_MAX: u64 = 10;

#[derive(Args)]
pub struct Serve {
    /// Address and port to listen on [default: 127.0.0.1:8080; also TAHUANG_LISTEN, or `listen` in tahuang.toml]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Make accounts with known passwords, to look around; refused where others can reach the server
    #[arg(long)]
    demo: bool,
}

impl Serve {
    pub fn run(self, directory: &Path) -> anyhow::Result<ExitCode> {
        let mut config = Config::read(directory)?;
        if let Some(listen) = self.listen {
            config.listen = listen;
        }
        log_to_stderr(&config.log)?;
        // Before the data is opened: a port that is taken is said at once.
        let listener =
            TcpListener::bind(&config.listen).with_context(|| format!("cannot listen on {}", config.listen))?;
        let address = listener.local_addr()?;
        if self.demo && !address.ip().is_loopback() {
            anyhow::bail!("--demo makes accounts whose passwords everybody knows: not on {address}, only on 127.0.0.1");
        }
        let data = Data::open(directory, Access::Write)?;
        let knowledge = data.app.knowledge();
        let channels = config.channels(directory, &knowledge.catalog)?;
        let rules = Arc::new(Rules::bundled(&knowledge.catalog)?);
        // Ends before the data is closed, when what is being sent has its answer written down.
        let _post = Post::start(&data.app, &rules, channels, config.address.as_deref())?;
        let mut out = std::io::stdout().lock();
        first_administrator(&data.app, self.demo, &mut out)?;
        if self.demo {
            demo_accounts(&data.app, &mut out)?;
        }
        if !pages::are_built_in() {
            writeln!(out, "This program was built without the pages: only the API answers, see /api/docs.")?;
        }
        writeln!(out, "Tahuang is at http://{}/", reachable(address))?;
        out.flush()?;
        drop(out);
        sweep(&data.app);
        let timer = Timer::start(Arc::clone(&data.app)).context("the timer cannot be started")?;
        serve(&data, &config, listener)?;
        drop(timer);
        Ok(ExitCode::SUCCESS)
    }
}

/// Removes, beside the work, the files that a crash left without a record.
fn sweep(app: &Arc<App>) {
    let app = Arc::downgrade(app);
    let swept = std::thread::Builder::new().name("sweep".to_owned()).spawn(move || {
        let Some(app) = app.upgrade() else { return };
        match app.sweep_files() {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "files that no record names were removed"),
            Err(error) => tracing::warn!(%error, "files that no record names were not looked for"),
        }
    });
    swept.map_or_else(|error| tracing::warn!(%error, "files that no record names were not looked for"), drop);
}

fn serve(data: &Data, config: &Config, listener: TcpListener) -> anyhow::Result<()> {
    let settings = Settings {
        secure_cookies: config.secure_cookies,
        trusted_proxies: config.trusted_proxies.clone(),
        address: config.address.clone(),
        fonts: config.press.fonts.clone(),
    };
    let door = Door::new(Arc::clone(&data.app), Arc::clone(&data.ledgers), settings, Box::new(pages::Embedded));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served: std::io::Result<()> = runtime.block_on(async {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let told = {
            let door = Arc::clone(&door);
            async move {
                signal().await;
                tracing::info!("stopping: running requests are finished, new ones are not taken");
                // Whoever follows changes would keep the server up for ever.
                door.stop();
                _ = stop.send(());
            }
        };
        let late = async {
            _ = stopped.await;
            tokio::time::sleep(Duration::from_secs(STOPPING_SECONDS_MAX)).await;
        };
        tokio::select! {
            served = tahuang_http::serve(Arc::clone(&door), listener, told) => served,
            () = late => {
                tracing::warn!("requests still ran after {STOPPING_SECONDS_MAX} s and were given up");
                Ok(())
            }
        }
    });
    // What was accepted is on disk already; the writer finishes what still waits when the application is dropped.
    runtime.shutdown_timeout(Duration::from_secs(1));
    served.context("the server stopped")
}

async fn signal() {
    let interrupt = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "the interrupt signal cannot be listened to");
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signals) => _ = signals.recv().await,
            Err(error) => {
                tracing::error!(%error, "the termination signal cannot be listened to");
                std::future::pending::<()>().await;
            }
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

fn log_to_stderr(filter: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(filter).with_context(|| format!("log filter {filter:?}"))?;
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr).init();
    Ok(())
}

/// An address as it is typed into a browser: one that means "every address" is reached by the machine's own name.
fn reachable(address: SocketAddr) -> String {
    if address.ip().is_unspecified() { format!("localhost:{}", address.port()) } else { address.to_string() }
}

/// On the first start, an administrator for the prefecture with the most records. The password goes to the terminal, once,
/// and to no log.
fn first_administrator(app: &App, demo: bool, out: &mut impl Write) -> anyhow::Result<()> {
    if demo || !app.store().all_credentials()?.is_empty() {
        return Ok(());
    }
    let heads = app.store().heads()?;
    let Some((prefecture, _)) = heads.iter().max_by_key(|(_, head)| head.position) else {
        writeln!(
            out,
            "No areas are known yet, so nobody can sign in: stop, bring in the divisions with\n  \
             tahuang import --divisions FILE.csv\nand start again."
        )?;
        return Ok(());
    };
    let area = prefecture.area();
    let password = app.create_account(&Asker::Console, "admin", "管理员", "administrator", area, None)?;
    let name = app.areas().name(area).unwrap_or_default().to_owned();
    writeln!(out, "First administrator of {name}: login admin, password {password} (shown this once; change it)")?;
    if heads.len() > 1 {
        writeln!(
            out,
            "Administrators of the other prefectures: tahuang admin create LOGIN --role administrator --area CODE"
        )?;
    }
    Ok(())
}

/// The password of every demo account.
const DEMO_PASSWORD: &str = "Tahuang-2025";

struct DemoAccount {
    login: &'static str,
    name: &'static str,
    role: &'static str,
    area: &'static str,
}

const DEMO_ACCOUNTS: [DemoAccount; 6] = [
    DemoAccount { login: "admin", name: "次仁多吉", role: "administrator", area: "542500000000" },
    DemoAccount { login: "ngari", name: "格桑卓玛", role: "prefecture_officer", area: "542500000000" },
    DemoAccount { login: "burang", name: "普布扎西", role: "county_officer", area: "542521000000" },
    DemoAccount { login: "township", name: "旦增曲珍", role: "township_officer", area: "542521100000" },
    // Holds the first grid of the township, or its first village where the grids have not been brought in.
    DemoAccount { login: "grid", name: "索朗旺堆", role: "grid_worker", area: "542521100000" },
    DemoAccount { login: "lhasa", name: "德吉央宗", role: "prefecture_officer", area: "540100000000" },
];

fn demo_accounts(app: &App, out: &mut impl Write) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    for demo in DEMO_ACCOUNTS {
        let area: AreaCode = demo.area.parse().map_err(anyhow::Error::msg)?;
        let areas = app.areas();
        let area = match demo.role {
            "grid_worker" => lowest(app, area),
            _ => area,
        };
        if !areas.contains(area) {
            continue;
        }
        let made = app.create_account(&Asker::Console, demo.login, demo.name, demo.role, area, Some(DEMO_PASSWORD));
        let password = match made {
            Ok(password) => password,
            // Whoever changed it knows it.
            Err(SignInError::LoginTaken) => "(as it was)".to_owned(),
            Err(error) => return Err(error).with_context(|| format!("demo account {}", demo.login)),
        };
        let role = app.knowledge().roles.get(demo.role).map_or("", |role| role.names.get(Language::ZhCn)).to_owned();
        rows.push(vec![demo.login.to_owned(), password, demo.name.to_owned(), role, areas.path(area)]);
    }
    if rows.is_empty() {
        writeln!(out, "No demo account: the areas of the demo are not known (tahuang import --divisions FILE.csv).")?;
        return Ok(());
    }
    writeln!(out, "Demo accounts:")?;
    print_rows(out, Format::Table, &["login", "password", "姓名", "角色", "区域"], &rows)?;
    Ok(())
}

fn lowest(app: &App, township: AreaCode) -> AreaCode {
    let areas = app.areas();
    let first = |level: Level| areas.below(township).map(|(code, _)| code).find(|code| code.level() == level);
    first(Level::Grid).or_else(|| first(Level::Village)).unwrap_or(township)
}
