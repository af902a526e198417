//! Random edits of a workspace, as people and version control make them.

#![allow(dead_code)] // Each test binary uses its part.

use std::collections::BTreeMap;

/// Numbers that are the same for the same seed: xorshift64*.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// One of the numbers below the bound.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).unwrap_or(0) % bound.max(1)
    }

    pub(crate) fn one_of<'t, T>(&mut self, these: &'t [T]) -> &'t T {
        &these[self.below(these.len())]
    }
}

/// One step that an editor or a disk tells of.
#[derive(Debug, Clone)]
pub(crate) enum Edit {
    /// A buffer has this text: it was opened, or changed.
    Open { path: String, text: String },
    /// A buffer is closed; what was not saved is gone.
    Close { path: String },
    /// A file is written on disk.
    Write { path: String, text: String },
    /// A file is removed from disk.
    Remove { path: String },
}

/// What is on disk and what is open.
pub(crate) struct Texts {
    pub(crate) disk: BTreeMap<String, String>,
    pub(crate) open: BTreeMap<String, String>,
    /// What each buffer was before its last change.
    before: BTreeMap<String, String>,
    /// The workspace as it was at first.
    original: BTreeMap<String, String>,
}

/// What people write while they think of something else, and half of what they mean.
const SNIPPETS: &[&str] = &[
    "\n",
    "}",
    "{",
    "\"",
    "# akslint: ignore[AKS110] the hub is moved next year\n",
    "# akslint: ignore\n",
    "// akslint: ignore[AKS8]\n",
    "10.0.0.0/16",
    "10.240.0.0/16",
    "\n  service_cidr = \"10.0.0.0/16\"\n",
    "\nvariable \"extra\" {\n  default = \"10.1.0.0/24\"\n}\n",
    "\nmodule \"again\" {\n  source = \"./modules/network\"\n}\n",
    "\nresource \"azurerm_subnet\" \"extra\" {\n  name = \"extra\"\n",
    "\nparam extra string = '10.1.0.0/24'\n",
    "cidrsubnet(var.address_space, 4, 1)",
    "${",
    "é😀",
    "\r\n",
    ",",
    "null",
];

impl Texts {
    /// Files that are no text are left out.
    pub(crate) fn new(files: BTreeMap<String, Vec<u8>>) -> Self {
        let texts = files.into_iter();
        let texts = texts.filter_map(|(path, text)| Some((path, String::from_utf8(text).ok()?)));
        let disk: BTreeMap<String, String> = texts.collect();
        Texts {
            original: disk.clone(),
            disk,
            open: BTreeMap::new(),
            before: BTreeMap::new(),
        }
    }

    /// The next edit, already made here.
    pub(crate) fn edit(&mut self, random: &mut Random) -> Vec<Edit> {
        let paths: Vec<String> = self.original.keys().cloned().collect();
        let open: Vec<String> = self.open.keys().cloned().collect();
        let in_open = !open.is_empty() && random.below(10) < 7;
        let path = if in_open {
            random.one_of(&open)
        } else {
            random.one_of(&paths)
        }
        .clone();
        let edit = match random.below(24) {
            0..=11 => self.changed(&path, random),
            12 | 13 => self
                .before
                .get(&path)
                .cloned()
                .map(|text| Edit::Open { path, text }),
            14 => self
                .original
                .get(&path)
                .cloned()
                .map(|text| Edit::Open { path, text }),
            15 | 16 => self
                .open
                .get(&path)
                .cloned()
                .map(|text| Edit::Write { path, text }),
            17 | 18 => self.open.contains_key(&path).then_some(Edit::Close { path }),
            19 | 20 => {
                let text = self.original.get(&path).cloned();
                text.map(|text| Edit::Write { path, text })
            }
            21 => self.disk.contains_key(&path).then_some(Edit::Remove { path }),
            22 => return self.renamed(&path, random),
            _ => self.changed_on_disk(&path, random),
        };
        edit.into_iter().inspect(|edit| self.make(edit)).collect()
    }

    fn make(&mut self, edit: &Edit) {
        match edit {
            Edit::Open { path, text } => {
                if let Some(before) = self.open.insert(path.clone(), text.clone()) {
                    self.before.insert(path.clone(), before);
                }
            }
            Edit::Close { path } => {
                self.open.remove(path);
                self.before.remove(path);
            }
            Edit::Write { path, text } => {
                self.disk.insert(path.clone(), text.clone());
            }
            Edit::Remove { path } => {
                self.disk.remove(path);
            }
        }
    }

    fn changed(&self, path: &str, random: &mut Random) -> Option<Edit> {
        let text = self.open.get(path).or_else(|| self.disk.get(path));
        let text = self.scrambled(text.or_else(|| self.original.get(path))?, random);
        Some(Edit::Open {
            path: path.to_owned(),
            text,
        })
    }

    fn changed_on_disk(&self, path: &str, random: &mut Random) -> Option<Edit> {
        let text = self.scrambled(self.disk.get(path)?, random);
        Some(Edit::Write {
            path: path.to_owned(),
            text,
        })
    }

    fn renamed(&mut self, path: &str, random: &mut Random) -> Vec<Edit> {
        let Some(text) = self.disk.get(path).cloned() else {
            return Vec::new();
        };
        let to = match path.rsplit_once('/') {
            Some((folder, name)) if random.below(2) == 0 => format!("{folder}/renamed-{name}"),
            _ => random
                .one_of(&self.original.keys().cloned().collect::<Vec<_>>())
                .clone(),
        };
        let edits = vec![
            Edit::Remove {
                path: path.to_owned(),
            },
            Edit::Write { path: to, text },
        ];
        edits.iter().for_each(|edit| self.make(edit));
        edits
    }

    /// A text with something inserted, deleted or pasted.
    fn scrambled(&self, text: &str, random: &mut Random) -> String {
        let at = boundary(text, random.below(text.len() + 1));
        let end = boundary(text, (at + random.below(40)).min(text.len())).max(at);
        let mut text = text.to_owned();
        match random.below(8) {
            0..=3 => {
                let snippet = *random.one_of::<&str>(SNIPPETS);
                text.insert_str(at, snippet);
            }
            4 | 5 => text.replace_range(at..end, ""),
            6 => {
                let others: Vec<&String> = self.original.values().collect();
                let other = random.one_of(&others);
                let half = boundary(other, random.below(other.len() + 1));
                let other = &other[..half.min(boundary(other, 2_000))];
                text.replace_range(at..end, other);
            }
            _ => {
                let lines: Vec<&str> = text.lines().collect();
                let line = random.below(lines.len().max(1));
                let kept = lines.iter().enumerate().filter(|(number, _)| *number != line);
                text = kept.map(|(_, line)| format!("{line}\n")).collect();
            }
        }
        text
    }
}

/// The nearest boundary of a character at an offset or before it.
fn boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
