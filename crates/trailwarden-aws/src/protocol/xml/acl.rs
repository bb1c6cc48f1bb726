//! Access lists of S3: the one reply in which an attribute counts.

use serde_json::{Map, Value};

use super::{Element, members, value};

/// `AccessControlList` is printed as `Grants`, and the grantee's type stands in an attribute.
pub(super) fn grants(root: Element) -> Value {
    let mut out = Map::new();
    for child in root.children {
        if child.name == "AccessControlList" {
            let grants = child.children.into_iter().map(|mut grant| {
                for grantee in &mut grant.children {
                    let kind = grantee.attributes.iter().find(|(name, _)| name == "xsi:type");
                    if let Some((_, kind)) = kind {
                        let text = kind.clone();
                        let name = "Type".to_owned();
                        grantee.children.push(Element { name, text, ..Element::default() });
                    }
                }
                members(grant.children)
            });
            out.insert("Grants".to_owned(), grants.collect());
        } else {
            let name = child.name.clone();
            out.insert(name, value(child));
        }
    }
    Value::Object(out)
}
