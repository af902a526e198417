//! What Azure's built-in roles permit on networks, and how actions are matched.

/// A built-in role: its name, its id, and those of its actions that match anything in `Microsoft.Network`
/// or `Microsoft.Authorization`. <https://learn.microsoft.com/azure/role-based-access-control/built-in-roles>
struct BuiltInRole {
    name: &'static str,
    id: &'static str,
    actions: &'static [&'static str],
    not_actions: &'static [&'static str],
}

const BUILT_IN: [BuiltInRole; 8] = [
    BuiltInRole {
        name: "Owner",
        id: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
        actions: &["*"],
        not_actions: &[],
    },
    BuiltInRole {
        name: "Contributor",
        id: "b24988ac-6180-42a0-ab88-20f7382dd24c",
        actions: &["*"],
        not_actions: &[
            "Microsoft.Authorization/*/Write",
            "Microsoft.Authorization/*/Delete",
        ],
    },
    BuiltInRole {
        name: "Network Contributor",
        id: "4d97b98b-1d4f-4787-a291-c67834d212e7",
        actions: &["Microsoft.Network/*", "Microsoft.Authorization/*/read"],
        not_actions: &[],
    },
    BuiltInRole {
        name: "Reader",
        id: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
        actions: &["*/read"],
        not_actions: &[],
    },
    BuiltInRole {
        name: "User Access Administrator",
        id: "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
        actions: &["*/read", "Microsoft.Authorization/*"],
        not_actions: &[],
    },
    BuiltInRole {
        name: "Role Based Access Control Administrator",
        id: "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
        actions: &["*/read", "Microsoft.Authorization/roleAssignments/write"],
        not_actions: &[],
    },
    BuiltInRole {
        name: "Virtual Machine Contributor",
        id: "9980e02c-c2be-4d73-94e8-173b1dc7cf3c",
        actions: &[
            "Microsoft.Network/virtualNetworks/read",
            "Microsoft.Network/virtualNetworks/subnets/join/action",
        ],
        not_actions: &[],
    },
    BuiltInRole {
        name: "Private DNS Zone Contributor",
        id: "b12aa53e-6015-4669-85d0-8515ebb3ae7f",
        actions: &[
            "Microsoft.Network/privateDnsZones/*",
            "Microsoft.Network/virtualNetworks/read",
            "Microsoft.Network/virtualNetworks/join/action",
        ],
        not_actions: &[],
    },
];

/// Built-in roles for other services, by how their names begin: they permit nothing on networks.
const OTHER_SERVICES: [&str; 12] = [
    "Acr",
    "App Configuration",
    "Azure Event Hubs",
    "Azure Kubernetes Service",
    "Azure Service Bus",
    "Cosmos DB",
    "DNS Zone",
    "Key Vault",
    "Log Analytics",
    "Managed Identity",
    "Monitoring",
    "Storage",
];

/// Ids of such roles, which configurations of clusters often name: `AcrPull`, `Managed Identity Operator`.
const OTHER_SERVICE_IDS: [&str; 2] = [
    "7f951dda-4ed3-4680-a7ca-43fe172d538d",
    "f1a07417-d97a-45cb-824c-7a7467783830",
];

/// The name of a built-in role by its id, or by a resource id that ends with its id.
pub fn built_in_name(id: &str) -> Option<&'static str> {
    let id = id.rsplit('/').next().unwrap_or(id);
    let known = BUILT_IN.iter().find(|known| id.eq_ignore_ascii_case(known.id));
    known.map(|known| known.name)
}

/// Whether a built-in role permits an action; the role is given by its name, its id, or a resource id that
/// ends with its id. None when the role is not known here.
pub fn built_in_permits(role: &str, action: &str) -> Option<bool> {
    let role = role.rsplit('/').next().unwrap_or(role);
    let is = |text: &str| role.eq_ignore_ascii_case(text);
    let matching = |patterns: &[&str]| patterns.iter().any(|pattern| matches_action(pattern, action));
    if let Some(known) = BUILT_IN.iter().find(|known| is(known.name) || is(known.id)) {
        return Some(matching(known.actions) && !matching(known.not_actions));
    }
    let elsewhere = OTHER_SERVICES.iter().any(|start| role.starts_with(start));
    (elsewhere || OTHER_SERVICE_IDS.iter().any(|id| is(id))).then_some(false)
}

/// Whether a pattern of a role matches an action. A star stands for any text, slashes too; case is ignored.
pub fn matches_action(pattern: &str, action: &str) -> bool {
    let (pattern, action) = (pattern.to_ascii_lowercase(), action.to_ascii_lowercase());
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == action;
    };
    let Some(mut left) = action.strip_prefix(start) else {
        return false;
    };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let end = pieces.pop().unwrap_or_default();
    for piece in pieces {
        match left.split_once(piece) {
            Some((_, behind)) => left = behind,
            None => return false,
        }
    }
    left.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOIN: &str = "Microsoft.Network/virtualNetworks/subnets/join/action";
    const READ: &str = "Microsoft.Network/virtualNetworks/subnets/read";
    const ASSIGN: &str = "Microsoft.Authorization/roleAssignments/write";

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, action, expected) in [
            ("*", JOIN, true),
            ("Microsoft.Network/*", JOIN, true),
            ("microsoft.network/virtualnetworks/SUBNETS/*", READ, true),
            ("Microsoft.Network/virtualNetworks/subnets/*/action", JOIN, true),
            ("Microsoft.Network/virtualNetworks/subnets/*/action", READ, false),
            ("*/read", READ, true),
            ("*/read", JOIN, false),
            ("Microsoft.Network/*/subnets/*", JOIN, true),
            ("Microsoft.Network/virtualNetworks/*/read", READ, true),
            (
                "Microsoft.Network/virtualNetworks/subnets/join/action",
                JOIN,
                true,
            ),
            ("Microsoft.Network/virtualNetworks/subnets/join", JOIN, false),
            ("", JOIN, false),
            ("**", JOIN, true),
            ("*join*join*", JOIN, false),
        ] {
            assert_eq!(matches_action(pattern, action), expected, "{pattern} {action}");
        }
    }

    #[test]
    fn built_in_roles_are_known_by_name_and_id() {
        for (role, action, expected) in [
            ("Network Contributor", JOIN, Some(true)),
            ("network contributor", READ, Some(true)),
            ("Network Contributor", ASSIGN, Some(false)),
            ("4d97b98b-1d4f-4787-a291-c67834d212e7", JOIN, Some(true)),
            (
                "/providers/Microsoft.Authorization/roleDefinitions/4d97b98b-1d4f-4787-a291-c67834d212e7",
                JOIN,
                Some(true),
            ),
            ("Contributor", JOIN, Some(true)),
            ("Contributor", ASSIGN, Some(false)),
            ("Owner", ASSIGN, Some(true)),
            ("Reader", JOIN, Some(false)),
            ("AcrPull", JOIN, Some(false)),
            ("Private DNS Zone Contributor", JOIN, Some(false)),
            ("Azure Kubernetes Service RBAC Cluster Admin", JOIN, Some(false)),
            ("AKS subnet joiner", JOIN, None),
        ] {
            assert_eq!(built_in_permits(role, action), expected, "{role} {action}");
        }
    }
}
