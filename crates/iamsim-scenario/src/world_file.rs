//! Worlds: organizations and accounts, and what is in them.

mod account;
mod organization;

use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use iamsim_syntax::Span;
use iamsim_syntax::json::{Node, Value};
use iamsim_world::{Account, World};

use crate::decode::Decoder;
use crate::library::{Library, Numbered, read_tree, unreadable};
use crate::policy_file::open;
use crate::source::{Finding, Source};

/// How policies written in place without a name are called.
const INLINE: &str = "inline";

/// Reads a world from a file.
///
/// # Errors
/// Everything that is wrong with it and with the policies it names.
pub fn load_world(library: &Library, path: &Path) -> Result<World, Vec<Finding>> {
    let numbered = library.file(path).map_err(|why| vec![unreadable(path, &why)])?;
    let (world, findings) = of_file(library, &numbered);
    if findings.is_empty() { Ok(world) } else { Err(findings) }
}

/// Reads worlds that a flag names, and merges them in order. Of a scenario its world is taken.
///
/// # Errors
/// Everything that is wrong with them and with the policies they name.
pub(crate) fn load_all(library: &Library, paths: &[PathBuf]) -> Result<World, Vec<Finding>> {
    let mut decoder = Decoder::passing(library, Arc::new(Source::new("--world", "")));
    let mut world = World::default();
    for path in paths {
        let path = path.display().to_string();
        let node = Node { value: Value::String(path.as_str().into()), span: Span::default() };
        let Some(numbered) = open(&mut decoder, &path, &node, "the world") else { continue };
        let (read, findings) = of_file_or_scenario(library, &numbered);
        findings.into_iter().for_each(|finding| decoder.add(finding));
        merge(&mut world, read);
    }
    let findings = decoder.finish();
    if findings.is_empty() { Ok(world) } else { Err(findings) }
}

fn of_file_or_scenario(library: &Library, numbered: &Numbered) -> (World, Vec<Finding>) {
    read_with(library, numbered, |decoder, node| match node.member("steps") {
        Some(_) => node.member("world").map(|world| decode(decoder, &world.value)).unwrap_or_default(),
        None => in_place(decoder, node),
    })
}

/// A world in place, a path to one, or a list of those: later ones add to and replace what earlier ones have.
pub(crate) fn decode(decoder: &mut Decoder<'_>, node: &Node) -> World {
    let mut world = World::default();
    for item in decoder.items(node) {
        match item.as_str() {
            Some(path) => {
                let Some(numbered) = open(decoder, path, item, "the world") else { continue };
                let (read, findings) = of_file(decoder.library, &numbered);
                findings.into_iter().for_each(|finding| decoder.add(finding));
                merge(&mut world, read);
            }
            None => merge(&mut world, in_place(decoder, item)),
        }
    }
    world
}

fn of_file(library: &Library, numbered: &Numbered) -> (World, Vec<Finding>) {
    read_with(library, numbered, in_place)
}

fn read_with(
    library: &Library,
    numbered: &Numbered,
    world: impl FnOnce(&mut Decoder<'_>, &Node) -> World,
) -> (World, Vec<Finding>) {
    let mut decoder = Decoder::file(library, numbered);
    let (node, diagnostics) = read_tree(&numbered.source);
    diagnostics.into_iter().for_each(|diagnostic| decoder.report(diagnostic));
    let world = node.map(|node| world(&mut decoder, &node)).unwrap_or_default();
    (world, decoder.finish())
}

fn in_place(decoder: &mut Decoder<'_>, node: &Node) -> World {
    let mut world = World::default();
    let Some(mut fields) = decoder.object(node, "a world") else { return world };
    if let Some(node) = fields.take("organizations") {
        let organizations = decoder.items(node).iter();
        world.organizations = organizations.filter_map(|item| organization::decode(decoder, item)).collect();
    }
    if let Some(node) = fields.take("accounts") {
        for member in decoder.entries(node, "`accounts`").unwrap_or_default() {
            let id = decoder.account_id(&member.key.value, member.key.span);
            let account = account::decode(decoder, &member.value, &member.key.value);
            if let (Some(id), Some(account)) = (id, account) {
                world.accounts.insert(id, account);
            }
        }
    }
    fields.finish(decoder);
    world
}

/// Adds `later` to `world`: things of one name are replaced, settings of Block Public Access are added up.
fn merge(world: &mut World, later: World) {
    for organization in later.organizations {
        match world.organizations.iter_mut().find(|earlier| earlier.id == organization.id) {
            Some(earlier) => *earlier = organization,
            None => world.organizations.push(organization),
        }
    }
    for (id, account) in later.accounts {
        match world.accounts.entry(id) {
            Entry::Vacant(place) => {
                place.insert(account);
            }
            Entry::Occupied(mut earlier) => merge_accounts(earlier.get_mut(), account),
        }
    }
}

fn merge_accounts(merged: &mut Account, later: Account) {
    merged.name = later.name.or_else(|| merged.name.take());
    merged.canonical_user_id = later.canonical_user_id.or_else(|| merged.canonical_user_id.take());
    merged.users.extend(later.users);
    merged.groups.extend(later.groups);
    merged.roles.extend(later.roles);
    merged.policies.extend(later.policies);
    merged.resources.extend(later.resources);
    merged.vpc_endpoints.extend(later.vpc_endpoints);
    merged.s3.block_public_acls |= later.s3.block_public_acls;
    merged.s3.ignore_public_acls |= later.s3.ignore_public_acls;
    merged.s3.block_public_policy |= later.s3.block_public_policy;
    merged.s3.restrict_public_buckets |= later.s3.restrict_public_buckets;
}
