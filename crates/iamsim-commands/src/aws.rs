//! Reads `aws <service> <operation> --flag value …` by what the AWS CLI accepts.
//!
//! Source: <https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-commandstructure.html>

use std::collections::BTreeMap;

use crate::CommandError;
use crate::cli::{self, Arity, Operation, Service};
use crate::shell::Word;

/// A command of the AWS CLI that calls AWS.
#[derive(Debug)]
pub(crate) struct Invocation {
    pub(crate) service: &'static Service,
    pub(crate) operation: Operation,
    /// The operation as it is written, for errors about the whole command.
    pub(crate) word: Word,
    pub(crate) global: Global,
    flags: BTreeMap<String, Vec<Word>>,
    positional: Vec<Word>,
}

/// The flags that every command takes and that matter here.
#[derive(Debug, Default)]
pub(crate) struct Global {
    pub(crate) profile: Option<Word>,
    pub(crate) region: Option<Word>,
    pub(crate) no_sign_request: Option<Word>,
}

/// Source: <https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-options.html>
const GLOBAL_FLAGS: [(&str, Arity); 25] = [
    ("ca-bundle", Arity::One),
    ("cli-auto-prompt", Arity::None),
    ("cli-binary-format", Arity::One),
    ("cli-connect-timeout", Arity::One),
    ("cli-error-format", Arity::One),
    ("cli-input-json", Arity::One),
    ("cli-input-yaml", Arity::One),
    ("cli-read-timeout", Arity::One),
    ("color", Arity::One),
    ("debug", Arity::None),
    ("endpoint-url", Arity::One),
    ("generate-cli-skeleton", Arity::OneOrNone),
    ("max-items", Arity::One),
    ("no-cli-auto-prompt", Arity::None),
    ("no-cli-pager", Arity::None),
    ("no-paginate", Arity::None),
    ("no-sign-request", Arity::None),
    ("no-verify-ssl", Arity::None),
    ("output", Arity::One),
    ("page-size", Arity::One),
    ("profile", Arity::One),
    ("query", Arity::One),
    ("region", Arity::One),
    ("starting-token", Arity::One),
    ("version", Arity::None),
];

/// Commands of the CLI that call nothing anybody needs permission for.
const LOCAL: [&str; 7] = ["configure", "help", "history", "login", "logout", "sso login", "sso logout"];

/// Reads the words after `aws`; `None` for a command that calls nothing.
pub(crate) fn parse(words: &[Word]) -> Result<Option<Invocation>, CommandError> {
    let mut reader = Reader { words, at: 0, flags: BTreeMap::new(), positional: Vec::new() };
    let Some(first) = reader.name()? else {
        return reader.nameless();
    };
    if LOCAL.contains(&&*first.text) {
        return Ok(None);
    }
    let service = cli::service(&first.text).ok_or_else(|| {
        CommandError::at(&first, format!("the AWS CLI has no service `{}`", first.text))
            .suggesting(&first.text, cli::services().iter().map(|service| service.name))
    })?;
    let Some(mut word) = reader.name()? else {
        return Err(CommandError::at(&first, format!("`aws {}` needs an operation", first.text)));
    };
    if word.text == "help" || LOCAL.contains(&&*format!("{} {}", first.text, word.text)) {
        return Ok(None);
    }
    if let ("wait", Some(waiter)) = (&*word.text, reader.words.get(reader.at)) {
        word = Word { text: format!("wait/{}", waiter.text), range: waiter.range.clone() };
        reader.at += 1;
    }
    let operation = service.operation(&word.text).ok_or_else(|| no_operation(service, &word))?;
    reader.arguments(&operation, service)?;
    reader.invocation(service, operation, word)
}

fn no_operation(service: &Service, word: &Word) -> CommandError {
    /// So many are worth reading.
    const FEW: usize = 12;
    let message = format!("`aws {}` has no operation `{}`", service.name, word.text);
    let error = CommandError::at(word, message).suggesting(&word.text, service.operation_names());
    let names: Vec<_> = service.operation_names().take(FEW + 1).collect();
    match names.len() {
        ..=FEW => error.or_help(&format!("its operations are {}", names.join(", "))),
        _ => error,
    }
}

struct Reader<'a> {
    words: &'a [Word],
    at: usize,
    flags: BTreeMap<String, Vec<Word>>,
    positional: Vec<Word>,
}

impl Reader<'_> {
    /// The next word that is no flag; flags before it are global ones.
    fn name(&mut self) -> Result<Option<Word>, CommandError> {
        while let Some(word) = self.words.get(self.at) {
            self.at += 1;
            let Some(flag) = flag_name(&word.text) else { return Ok(Some(word.clone())) };
            let Some(arity) = global(flag) else {
                return Err(CommandError::at(word, format!("the AWS CLI has no flag `--{flag}` here"))
                    .suggesting_flag(flag, GLOBAL_FLAGS.iter().map(|(name, _)| *name))
                    .or_help("flags of an operation come after it"));
            };
            self.values(word, flag, arity)?;
        }
        Ok(None)
    }

    fn nameless(&self) -> Result<Option<Invocation>, CommandError> {
        if self.flags.contains_key("version") {
            return Ok(None);
        }
        let range = self.words.first().map_or(0..0, |word| word.range.clone());
        Err(CommandError {
            message: "`aws` needs a service and an operation".to_owned(),
            range,
            help: Some("such as `aws s3 ls`".to_owned()),
        })
    }

    fn arguments(&mut self, operation: &Operation, service: &Service) -> Result<(), CommandError> {
        while let Some(word) = self.words.get(self.at) {
            self.at += 1;
            let Some(flag) = flag_name(&word.text) else {
                self.positional.push(word.clone());
                continue;
            };
            let own = operation.flags.get(flag).map(|known| known.arity);
            let twin = || {
                let positive = operation.flags.get(flag.strip_prefix("no-")?)?;
                (positive.arity == Arity::None).then_some(Arity::None)
            };
            let Some(arity) = own.or_else(twin).or_else(|| global(flag)) else {
                let known = operation.flags.keys().copied().chain(GLOBAL_FLAGS.iter().map(|(name, _)| *name));
                let message = format!("`aws {} {}` has no flag `--{flag}`", service.name, operation.name);
                return Err(CommandError::at(word, message).suggesting_flag(flag, known));
            };
            self.values(word, flag, arity)?;
        }
        Ok(())
    }

    fn values(&mut self, word: &Word, flag: &str, arity: Arity) -> Result<(), CommandError> {
        let mut values = Vec::new();
        if word.text.len() > flag.len() + 2 {
            values.push(word.from(flag.len() + 3));
        }
        let most = match arity {
            Arity::None => 0,
            Arity::One | Arity::OneOrNone => 1,
            Arity::Many => usize::MAX,
        };
        while values.len() < most {
            let Some(next) = self.words.get(self.at).filter(|next| flag_name(&next.text).is_none()) else {
                break;
            };
            values.push(next.clone());
            self.at += 1;
        }
        if values.is_empty() && arity == Arity::One {
            return Err(CommandError::at(word, format!("`--{flag}` needs a value")));
        }
        self.flags.insert(flag.to_owned(), values);
        Ok(())
    }

    fn invocation(
        mut self,
        service: &'static Service,
        operation: Operation,
        word: Word,
    ) -> Result<Option<Invocation>, CommandError> {
        if self.flags.contains_key("generate-cli-skeleton") {
            return Ok(None);
        }
        self.read_input(&operation)?;
        if let Some(extra) = self.positional.get(most_positional(&operation)) {
            let message = format!("`aws {} {}` takes no argument here", service.name, operation.name);
            return Err(CommandError::at(extra, message).with_help("a value with spaces needs quotes"));
        }
        let flags = operation.flags.iter();
        let absent = flags.filter(|(name, flag)| flag.required && !self.flags.contains_key(**name));
        let absent = absent.map(|(name, _)| format!("`--{name}`"));
        // The paths of `aws s3` are checked where they are read.
        let positional = operation.positional.iter().filter(|_| service.name != "s3");
        let absent_positional = positional.skip(self.positional.len()).map(|name| format!("`<{name}>`"));
        let absent: Vec<_> = absent.chain(absent_positional).collect();
        if !absent.is_empty() {
            let message = format!("`aws {} {}` needs {}", service.name, operation.name, absent.join(" and "));
            return Err(CommandError::at(&word, message));
        }
        let take = |name: &str| self.flags.get(name).and_then(|values| values.first().cloned());
        let global = Global {
            profile: take("profile"),
            region: take("region"),
            no_sign_request: self.flags.contains_key("no-sign-request").then(|| word.clone()),
        };
        let Self { flags, positional, .. } = self;
        Ok(Some(Invocation { service, operation, word, global, flags, positional }))
    }

    /// `--cli-input-json '{"RoleArn": …}'` stands for the flags; those given beside it win.
    fn read_input(&mut self, operation: &Operation) -> Result<(), CommandError> {
        let Some(word) = self.flags.get("cli-input-json").and_then(|values| values.first().cloned()) else {
            return Ok(());
        };
        let Ok(serde_json::Value::Object(members)) = serde_json::from_str(&word.text) else {
            return Err(CommandError::at(&word, "`--cli-input-json` is not a JSON object")
                .with_help("write the JSON in place; files are not read"));
        };
        for (member, value) in members {
            let same = |flag: &&str| flag.replace('-', "").eq_ignore_ascii_case(&member);
            let Some(flag) = operation.flags.keys().copied().find(same) else {
                return Err(CommandError::at(&word, format!("there is no parameter `{member}`")));
            };
            let values = match value {
                serde_json::Value::Array(items) => items.into_iter().map(plain).collect(),
                other => vec![plain(other)],
            };
            let values = values.into_iter().map(|text| Word { text, range: word.range.clone() }).collect();
            self.flags.entry(flag.to_owned()).or_insert(values);
        }
        Ok(())
    }
}

impl Invocation {
    /// Whether the flag is there.
    pub(crate) fn has(&self, flag: &str) -> bool {
        self.flags.contains_key(flag)
    }

    /// The first value of a flag.
    pub(crate) fn word(&self, flag: &str) -> Option<&Word> {
        self.flags.get(flag)?.first()
    }

    /// The text of the first value of a flag.
    pub(crate) fn text(&self, flag: &str) -> Option<&str> {
        self.word(flag).map(|word| &*word.text)
    }

    /// Every value of a flag.
    pub(crate) fn words(&self, flag: &str) -> &[Word] {
        self.flags.get(flag).map(Vec::as_slice).unwrap_or_default()
    }

    /// The texts of a flag's values. A JSON array of strings is its items.
    pub(crate) fn list(&self, flag: &str) -> Vec<String> {
        let words = self.words(flag);
        if let [only] = words
            && let Ok(items) = serde_json::from_str::<Vec<String>>(&only.text)
        {
            return items;
        }
        words.iter().map(|word| word.text.clone()).collect()
    }

    /// A number that a flag gives.
    pub(crate) fn number(&self, flag: &str) -> Result<Option<u32>, CommandError> {
        let Some(word) = self.word(flag) else { return Ok(None) };
        let not_a_number = |_| CommandError::at(word, format!("`--{flag}` must be a whole number"));
        word.text.parse().map(Some).map_err(not_a_number)
    }

    /// The arguments without a flag.
    pub(crate) fn positional(&self) -> &[Word] {
        &self.positional
    }

    /// The flags that were given, global ones aside, with their values.
    pub(crate) fn given(&self) -> impl Iterator<Item = (&str, &[Word])> {
        self.flags
            .iter()
            .filter(|(name, _)| self.operation.flags.contains_key(&***name))
            .map(|(name, values)| (&**name, &**values))
    }
}

/// `role-arn` of `--role-arn` or `--role-arn=…`
fn flag_name(text: &str) -> Option<&str> {
    let name = text.strip_prefix("--")?.split('=').next()?;
    name.starts_with(|c: char| c.is_ascii_alphabetic()).then_some(name)
}

fn global(flag: &str) -> Option<Arity> {
    GLOBAL_FLAGS.iter().find(|(name, _)| *name == flag).map(|(_, arity)| *arity)
}

/// The high-level commands of Amazon S3 take up to two paths under one name.
fn most_positional(operation: &Operation) -> usize {
    match (operation.name, operation.positional.as_slice()) {
        ("cp" | "mv" | "sync", ["paths"]) => 2,
        (_, names) => names.len(),
    }
}

fn plain(value: serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    }
}
