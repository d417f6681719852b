//! Where the high-level commands of Amazon S3 read and write.

use crate::CommandError;
use crate::scope::Scope;
use crate::shell::Word;

/// The source or the destination of a transfer.
pub(super) enum Side {
    /// A file or folder; `-` is standard input or output.
    Local(String),
    Bucket(Location),
}

/// A bucket, or an access point, and a key or the beginning of keys.
pub(super) struct Location {
    /// The bucket's name, or an access point's ARN.
    pub(super) bucket: String,
    pub(super) key: String,
    partition: String,
}

impl Side {
    pub(super) fn parse(word: &Word, scope: &Scope<'_>) -> Result<Self, CommandError> {
        if word.text.starts_with("s3://") {
            return Location::parse(word, scope).map(Self::Bucket);
        }
        Ok(Self::Local(word.text.clone()))
    }
}

/// The name that a file of this path has in another folder.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or_default()
}

impl Location {
    /// Reads `s3://bucket/key`; the scheme may be left out.
    pub(super) fn parse(word: &Word, scope: &Scope<'_>) -> Result<Self, CommandError> {
        let path = word.text.strip_prefix("s3://").unwrap_or(&word.text);
        // `s3://arn:aws:s3:region:account:accesspoint/name/key` has a slash or a colon in its bucket.
        let skipped = match path.find("accesspoint") {
            Some(at) if path.starts_with("arn:") => at + "accesspoint/".len(),
            _ => 0,
        };
        let named = path.get(skipped..).unwrap_or_default();
        let length = skipped + named.find('/').unwrap_or(named.len());
        let (bucket, key) = path.split_at_checked(length).unwrap_or((path, ""));
        if named.is_empty() || named.starts_with('/') {
            return Err(CommandError::at(word, format!("`{}` names no bucket", word.text)));
        }
        let key = key.strip_prefix('/').unwrap_or(key).to_owned();
        Ok(Self { bucket: bucket.to_owned(), key, partition: scope.partition().to_owned() })
    }

    /// The ARN of the bucket or access point.
    pub(super) fn bucket_arn(&self) -> String {
        bucket_arn(&self.partition, &self.bucket)
    }

    /// The ARN of what is read: an object, or all below a folder.
    pub(super) fn source(&self, many: bool) -> String {
        let key = if many { format!("{}*", self.folder()) } else { self.key.clone() };
        object_arn(&self.partition, &self.bucket, &key)
    }

    /// The ARN of what is written: all below a folder; in a folder, an object named as the file is; or the key.
    pub(super) fn target(&self, file_name: &str, many: bool) -> String {
        if many {
            return self.source(true);
        }
        let in_folder = self.key.is_empty() || self.key.ends_with('/');
        let key = if in_folder { format!("{}{file_name}", self.key) } else { self.key.clone() };
        object_arn(&self.partition, &self.bucket, &key)
    }

    /// What the keys in the folder begin with.
    pub(super) fn folder(&self) -> String {
        let closed = self.key.is_empty() || self.key.ends_with('/');
        if closed { self.key.clone() } else { format!("{}/", self.key) }
    }

    /// `bucket/key`, or `bucket/folder/*` for all below a folder.
    pub(super) fn copy_source(&self, many: bool) -> String {
        if many {
            format!("{}/{}*", self.bucket, self.folder())
        } else {
            format!("{}/{}", self.bucket, self.key)
        }
    }
}

/// The ARN of a bucket, given its name or the ARN of an access point.
pub(in crate::services) fn bucket_arn(partition: &str, bucket: &str) -> String {
    if bucket.starts_with("arn:") { bucket.to_owned() } else { format!("arn:{partition}:s3:::{bucket}") }
}

/// The ARN of an object.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html>
pub(in crate::services) fn object_arn(partition: &str, bucket: &str, key: &str) -> String {
    if bucket.starts_with("arn:") {
        return format!("{bucket}/object/{key}");
    }
    format!("arn:{partition}:s3:::{bucket}/{key}")
}
