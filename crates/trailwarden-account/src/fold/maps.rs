//! Edits of persistent maps that leave the copies of others as they are.

use std::sync::Arc;

use rpds::RedBlackTreeMapSync as Map;

/// Edits each value.
pub(super) fn each<V: Clone>(map: &mut Map<Arc<str>, V>, mut edit: impl FnMut(&mut V)) {
    let keys: Vec<Arc<str>> = map.keys().cloned().collect();
    for key in keys {
        if let Some(value) = map.get_mut(&key) {
            edit(value);
        }
    }
}

/// Edits the value of a key, which begins here when it is not there.
pub(super) fn edit_or_begin<V: Clone, R>(
    map: &mut Map<Arc<str>, Arc<V>>,
    key: &Arc<str>,
    begin: impl FnOnce() -> V,
    edit: impl FnOnce(&mut V) -> R,
) -> R {
    let mut value = map.get(key).cloned().unwrap_or_else(|| Arc::new(begin()));
    let done = edit(Arc::make_mut(&mut value));
    map.insert_mut(key.clone(), value);
    done
}
