//! `/etc/passwd`: names of users, passwd(5). Users of other databases (LDAP, systemd-homed) are not in it.

use serde::Serialize;

use super::text;

/// One user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct User<'a> {
    /// Login name.
    pub name: &'a [u8],
    /// User id; may be shared by several names, of which the first counts.
    pub uid: u32,
}

/// Reads `/etc/passwd`; lines without a name or a number are left out.
pub fn parse(bytes: &[u8]) -> impl Iterator<Item = User<'_>> {
    text::lines(bytes).filter_map(|line| {
        let mut fields = line.split(|byte| *byte == b':');
        let name = fields.next().filter(|name| !name.is_empty() && !name.starts_with(b"#"))?;
        let uid = text::number(fields.nth(1)?)?;
        Some(User { name, uid })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_and_numbers() {
        let all: Vec<_> =
            parse(b"root:x:0:0:root:/root:/bin/bash\n#c:x:1:\n+::::::\n:x:5:\nbad\nanna:x:1000:1000:Anna,,,:/home/anna:\n")
                .collect();
        assert_eq!(all, [User { name: b"root", uid: 0 }, User { name: b"anna", uid: 1000 }]);
        assert_eq!(parse(b"neg:x:-2:0\nbig:x:4294967296:0\n").count(), 0);
    }
}
