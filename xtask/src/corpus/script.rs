//! The small language in which traffic and incidents are written (`templates/corpus/*.txt`).
//!
//! A script is a list of records by one actor; a lone `event` is a script of one. Texts hold
//! `<slots>`, resolved in [`super::slot`]. Everything is checked when it is read, so a misspelt
//! word is an error with its line and not a strange record.

use anyhow::{Context, Result, bail};

use super::slot;
use super::text::Text;

/// Weights are written with up to two decimals.
const WEIGHT_SCALE: f64 = 100.0;

/// Names of things that an account holds.
#[derive(Debug)]
pub(crate) struct Pool {
    pub(crate) name: String,
    pub(crate) count: u64,
    pub(crate) text: Text,
}

/// Who acts.
#[derive(Debug, Clone, Default)]
pub(crate) enum Who {
    /// Whoever acts in the script.
    #[default]
    Inherit,
    /// A session (or robot) of one of these classes.
    Classes(Vec<String>),
    Service(Text),
    User(Text, Text),
    SignIn(Text),
    Console(Text, Text, bool),
    Saml(Text),
    Web(Text, Text),
    Foreign(Text),
    Federated(Text, Text, Text),
    Root,
}

/// One record of a script.
#[derive(Debug, Clone, Default)]
pub(crate) struct Step {
    pub(crate) source: String,
    pub(crate) name: String,
    pub(crate) version: Option<String>,
    pub(crate) at: i64,
    pub(crate) times: u32,
    pub(crate) every: i64,
    pub(crate) who: Who,
    pub(crate) from: Option<Text>,
    pub(crate) agent: Option<Text>,
    pub(crate) invoked: Option<String>,
    pub(crate) host: Option<Text>,
    pub(crate) event_type: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) message: Option<Text>,
    pub(crate) request: Text,
    pub(crate) response: Text,
    pub(crate) extra: Option<Text>,
    pub(crate) resources: Option<Text>,
    pub(crate) request_id: Option<String>,
    pub(crate) is_read_only: bool,
    pub(crate) is_data: bool,
    pub(crate) is_global: bool,
    pub(crate) is_shared: bool,
}

/// Records by one actor, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Script {
    pub(crate) name: String,
    pub(crate) weight: u64,
    pub(crate) who: Who,
    pub(crate) from: Option<Text>,
    pub(crate) agent: Option<Text>,
    pub(crate) principal: Option<Text>,
    pub(crate) lets: Vec<(String, Text)>,
    pub(crate) is_reversed: bool,
    pub(crate) is_daytime: bool,
    pub(crate) steps: Vec<Step>,
}

impl Script {
    /// Seconds from the first record to the last.
    pub(crate) fn length(&self) -> i64 {
        let last = |step: &Step| step.at + step.every * i64::from(step.times.max(1) - 1);
        self.steps.iter().map(last).max().unwrap_or(0)
    }
}

/// What a file holds.
#[derive(Debug, Default)]
pub(crate) struct Library {
    pub(crate) pools: Vec<Pool>,
    pub(crate) scripts: Vec<Script>,
}

impl Library {
    /// Reads a file; pools of `self` are known to it, so files can be read one after the other.
    pub(crate) fn read(&mut self, file: &str, text: &str) -> Result<()> {
        let mut reader = Reader { library: self, script: None, is_block: false };
        for (index, line) in text.lines().enumerate() {
            reader
                .line(line.trim_end())
                .with_context(|| format!("{file}:{}: `{}`", index + 1, line.trim()))?;
        }
        reader.close();
        Ok(())
    }
}

struct Reader<'a> {
    library: &'a mut Library,
    script: Option<Script>,
    is_block: bool,
}

impl Reader<'_> {
    fn line(&mut self, line: &str) -> Result<()> {
        if line.starts_with('#') {
            return Ok(());
        }
        if line.is_empty() {
            if !self.is_block {
                self.close();
            }
            return Ok(());
        }
        let (key, value) = line.split_once(' ').unwrap_or((line, ""));
        match key {
            "pool" => self.pool(value),
            "script" => {
                self.close();
                self.is_block = true;
                self.script = Some(Script { name: value.to_owned(), ..Script::default() });
                Ok(())
            }
            "end" => {
                self.close();
                Ok(())
            }
            "event" => self.event(value),
            _ => self.property(key, value),
        }
    }

    fn close(&mut self) {
        self.is_block = false;
        self.library.scripts.extend(self.script.take());
    }

    fn pool(&mut self, value: &str) -> Result<()> {
        let mut words = value.splitn(3, ' ');
        let (Some(name), Some(count), Some(text)) = (words.next(), words.next(), words.next())
        else {
            bail!("a pool has a name, a count and a text");
        };
        let text = self.text(text)?;
        let count = count.parse().context("the count is not a number")?;
        self.library.pools.push(Pool { name: name.to_owned(), count, text });
        Ok(())
    }

    fn event(&mut self, value: &str) -> Result<()> {
        let (service, name) = value.split_once(':').context("an event is SERVICE:NAME")?;
        let step = Step {
            source: format!("{service}.amazonaws.com"),
            name: name.to_owned(),
            ..Step::default()
        };
        self.script.get_or_insert_default().steps.push(step);
        Ok(())
    }

    fn text(&self, text: &str) -> Result<Text> {
        let lets = self.script.as_ref().map_or(&[][..], |script| &script.lets);
        let known = slot::Known {
            pools: self.library.pools.iter().map(|pool| pool.name.as_str()).collect(),
            lets: lets.iter().map(|(name, _)| name.as_str()).collect(),
        };
        Text::parse(text, &known)
    }

    fn property(&mut self, key: &str, value: &str) -> Result<()> {
        let who = match key {
            "by" if value == "session" => Some(Who::Inherit),
            "by" => Some(Who::Classes(value.split(' ').map(str::to_owned).collect())),
            "as" => Some(self.named(value)?),
            _ => None,
        };
        let is_prose = matches!(
            key,
            "from"
                | "agent"
                | "principal"
                | "host"
                | "message"
                | "request"
                | "response"
                | "extra"
                | "resources"
                | "let"
        );
        let (name, prose) =
            if key == "let" { value.split_once(' ').unwrap_or((value, "")) } else { ("", value) };
        let text = if is_prose { self.text(prose)? } else { Text::default() };
        let script = self.script.as_mut().context("this line belongs to no event")?;
        if key == "weight" {
            let weight: f64 = value.parse().context("the weight is not a number")?;
            script.weight = (weight * WEIGHT_SCALE) as u64;
            return Ok(());
        }
        match script.steps.last_mut() {
            None => script.property(key, name, text, who),
            Some(step) => step.property(key, value, text, who),
        }
    }

    fn named(&self, value: &str) -> Result<Who> {
        let words: Vec<&str> = value.split(' ').collect();
        Ok(match words.as_slice() {
            ["service", name] => Who::Service(self.text(name)?),
            ["user", name, key] => Who::User(self.text(name)?, self.text(key)?),
            ["sign-in", name] => Who::SignIn(self.text(name)?),
            ["console", name, key, mfa] => {
                Who::Console(self.text(name)?, self.text(key)?, *mfa == "true")
            }
            ["saml", name] => Who::Saml(self.text(name)?),
            ["web", provider, subject] => Who::Web(self.text(provider)?, self.text(subject)?),
            ["foreign", account] => Who::Foreign(self.text(account)?),
            ["federated", name, key, user] => {
                Who::Federated(self.text(name)?, self.text(key)?, self.text(user)?)
            }
            ["root"] => Who::Root,
            _ => bail!("unknown actor"),
        })
    }
}

impl Script {
    fn property(&mut self, key: &str, name: &str, text: Text, who: Option<Who>) -> Result<()> {
        match key {
            "by" | "as" => self.who = who.unwrap_or_default(),
            "let" => self.lets.push((name.to_owned(), text)),
            "from" => self.from = Some(text),
            "agent" => self.agent = Some(text),
            "principal" => self.principal = Some(text),
            "reverse" => self.is_reversed = true,
            "daytime" => self.is_daytime = true,
            _ => bail!("unknown property of a script"),
        }
        Ok(())
    }
}

impl Step {
    fn property(&mut self, key: &str, value: &str, text: Text, who: Option<Who>) -> Result<()> {
        let number = || value.parse::<i64>().context("this is not a number");
        match key {
            "by" | "as" => self.who = who.unwrap_or_default(),
            "at" => self.at = number()?,
            "times" => self.times = u32::try_from(number()?)?,
            "every" => self.every = number()?,
            "version" => self.version = Some(value.to_owned()),
            "type" => self.event_type = Some(value.to_owned()),
            "invoked" => self.invoked = Some(value.to_owned()),
            "error" => self.error = Some(value.to_owned()),
            "requestid" => self.request_id = Some(value.to_owned()),
            "from" => self.from = Some(text),
            "agent" => self.agent = Some(text),
            "host" => self.host = Some(text),
            "message" => self.message = Some(text),
            "request" => self.request = text,
            "response" => self.response = text,
            "extra" => self.extra = Some(text),
            "resources" => self.resources = Some(text),
            "read" => self.is_read_only = true,
            "write" => self.is_read_only = false,
            "data" => self.is_data = true,
            "global" => self.is_global = true,
            "shared" => self.is_shared = true,
            _ => bail!("unknown property of an event"),
        }
        Ok(())
    }
}
