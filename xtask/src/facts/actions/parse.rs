//! The inverse of packing a table of actions, for the proof that nothing is lost.

use anyhow::{Context, Result, bail};

use super::{Action, HEADING, ResourceType, Service, Table, TypeUse};

impl Table {
    /// The inverse of [`Table::to_text`].
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let mut lines = text.lines();
        let heading = lines.next().unwrap_or_default();
        let date = heading.strip_prefix(HEADING).and_then(|rest| rest.strip_prefix('\t'));
        let date = date.context("not a table of actions")?.to_owned();
        let mut table = Self { date, services: Vec::new() };
        for line in lines {
            let fields: Vec<&str> = line.split('\t').collect();
            table.add(&fields).with_context(|| format!("cannot read the line `{line}`"))?;
        }
        Ok(table)
    }

    fn add(&mut self, fields: &[&str]) -> Result<()> {
        let field = |at: usize| fields.get(at).copied().unwrap_or_default();
        if field(0) == "S" {
            self.services.push(Service {
                prefix: field(1).to_owned(),
                title: field(2).to_owned(),
                has_rcp: field(3) == "rcp",
                ..Service::default()
            });
            return Ok(());
        }
        let service = self.services.last_mut().context("before the first service")?;
        match field(0) {
            "K" => service.keys.push([field(1).to_owned(), field(2).to_owned()]),
            "T" => service.types.push(ResourceType {
                name: field(1).to_owned(),
                keys: parse_numbers(field(2))?,
                arns: fields.iter().skip(3).map(|arn| (*arn).to_owned()).collect(),
            }),
            "A" => {
                let name = field(1).strip_prefix(&service.prefix).and_then(|n| n.strip_prefix(':'));
                service.actions.push(Action {
                    name: name.context("of another service")?.to_owned(),
                    level: field(2).chars().next().context("no level")?,
                    types: words(field(3)).map(TypeUse::parse).collect::<Result<_>>()?,
                    keys: parse_numbers(field(4))?,
                    dependent: words(field(5)).map(str::to_owned).collect(),
                });
            }
            other => bail!("unknown kind of line `{other}`"),
        }
        Ok(())
    }
}

impl TypeUse {
    fn parse(text: &str) -> Result<Self> {
        let (head, keys) = text.split_once(':').unwrap_or((text, ""));
        let (index, is_required) = head.strip_suffix('!').map_or((head, false), |i| (i, true));
        Ok(Self { index: index.parse()?, is_required, keys: parse_numbers(keys)? })
    }
}

fn parse_numbers(text: &str) -> Result<Vec<usize>> {
    text.split(',').filter(|n| !n.is_empty()).map(|n| Ok(n.parse()?)).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').filter(|word| !word.is_empty())
}
