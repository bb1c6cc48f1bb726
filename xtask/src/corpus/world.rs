//! The accounts of a corpus and the things that they hold.

use anyhow::{Context, Result};

use super::random::{Random, mix};
use super::script::{Library, Pool, Script};
use super::slot::Filling;

const TRAFFIC: &str = include_str!("../../templates/corpus/traffic.txt");
const INCIDENTS: &str = include_str!("../../templates/corpus/incidents.txt");

/// Account ids that AWS's own documentation uses; more are made when more are asked for.
const ACCOUNT_IDS: [&str; 3] = ["111122223333", "444455556666", "123456789012"];

/// The first region holds the events of global services. The numbers are shares of traffic.
const REGIONS: [(&str, u64); 8] = [
    ("us-east-1", 40),
    ("eu-west-1", 26),
    ("us-west-2", 19),
    ("eu-central-1", 15),
    ("ap-southeast-2", 12),
    ("ap-northeast-1", 12),
    ("ca-central-1", 12),
    ("sa-east-1", 12),
];

/// All that generating a record needs to know, the same for every thread.
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) accounts: Vec<Account>,
    pub(crate) regions: Vec<(&'static str, u64)>,
    pub(crate) traffic: Vec<Script>,
    pub(crate) traffic_weight: u64,
    pub(crate) openings: Vec<Script>,
    pub(crate) incidents: Vec<Script>,
    pool_names: Vec<String>,
}

/// An AWS account.
pub(crate) struct Account {
    pub(crate) id: String,
    /// Names, by pool.
    pub(crate) pools: Vec<Vec<String>>,
}

impl World {
    pub(crate) fn new(seed: u64, accounts: usize, regions: usize) -> Result<Self> {
        let mut library = Library::default();
        library.read("traffic.txt", TRAFFIC)?;
        let (openings, traffic): (Vec<Script>, Vec<Script>) = std::mem::take(&mut library.scripts)
            .into_iter()
            .partition(|script| script.name.starts_with('@'));
        library.read("incidents.txt", INCIDENTS)?;
        let accounts = (0..accounts).map(|index| account(seed, index, &library.pools)).collect();
        Ok(Self {
            seed,
            accounts,
            regions: REGIONS.into_iter().take(regions.max(1)).collect(),
            traffic_weight: traffic.iter().map(|script| script.weight).sum(),
            traffic,
            openings,
            incidents: library.scripts,
            pool_names: library.pools.into_iter().map(|pool| pool.name).collect(),
        })
    }

    /// The names of a pool in an account.
    pub(crate) fn pool<'a>(&self, account: &'a Account, name: &str) -> &'a [String] {
        let index = self.pool_names.iter().position(|pool| pool == name);
        index.and_then(|index| account.pools.get(index)).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn opening(&self, name: &str) -> Result<&Script> {
        self.openings
            .iter()
            .find(|script| script.name == name)
            .with_context(|| format!("no script `{name}` in traffic.txt"))
    }

    /// A region by its share of traffic.
    pub(crate) fn region(&self, random: &mut Random) -> usize {
        let mut left = random.below(self.regions.iter().map(|(_, share)| share).sum());
        for (index, (_, share)) in self.regions.iter().enumerate() {
            match left.checked_sub(*share) {
                Some(rest) => left = rest,
                None => return index,
            }
        }
        0
    }

    /// An ordinary script by its weight.
    pub(crate) fn ordinary(&self, random: &mut Random) -> Option<&Script> {
        let mut left = random.below(self.traffic_weight);
        self.traffic.iter().find(|script| match left.checked_sub(script.weight) {
            Some(rest) => {
                left = rest;
                false
            }
            None => true,
        })
    }
}

fn account(seed: u64, index: usize, pools: &[Pool]) -> Account {
    let id = match ACCOUNT_IDS.get(index) {
        Some(id) => (*id).to_owned(),
        None => {
            let number = Random::new(mix(&[seed, index as u64, 11])).below(800_000_000_000);
            format!("{:012}", 200_000_000_000 + number)
        }
    };
    let mut made: Vec<Vec<String>> = Vec::new();
    for (pool_index, pool) in pools.iter().enumerate() {
        let mut names = Vec::new();
        let mut attempt = 0;
        // Names of one pool differ, also when the words run out of luck.
        while (names.len() as u64) < pool.count && attempt < pool.count * 50 {
            let number = mix(&[seed, index as u64, pool_index as u64, attempt, 12]);
            let name = pool.text.filled(&Filling {
                account: &id,
                pools: &made,
                region: "",
                time: 0,
                record_number: number,
                script_number: number,
                lets: &[],
                actor_arn: "",
                session: None,
            });
            if !names.contains(&name) {
                names.push(name);
            }
            attempt += 1;
        }
        made.push(names);
    }
    Account { id, pools: made }
}
