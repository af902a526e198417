//! The closed sets of words that network properties take. A word outside its set is kept, for AKS004.

/// A set of words. `parse` never fails: what is not in the set becomes `Other`.
pub trait Vocabulary: Sized {
    /// What the set is called in messages: "network plugin".
    const NOUN: &'static str;
    const WORDS: &'static [&'static str];

    /// `exact` is how azurerm compares; ARM ignores case.
    fn parse(text: &str, exact: bool) -> Self;
    fn word(&self) -> &str;
    fn is_other(&self) -> bool;
}

/// The word that a writer of `text` most likely meant: the same but for case, or a few letters off.
pub fn nearest<'a>(text: &str, words: &[&'a str]) -> Option<&'a str> {
    let text = text.to_lowercase();
    let distance = |word: &str| strsim::osa_distance(&text, &word.to_lowercase());
    let nearest = words.iter().copied().min_by_key(|word| distance(word))?;
    (distance(nearest) <= nearest.len().max(text.len()) / 3).then_some(nearest)
}

macro_rules! vocabulary {
    ($(#[$outer:meta])* $name:ident, $noun:literal { $($variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $name {
            $($variant,)+
            /// A word outside the set, as written.
            Other(String),
        }

        impl Vocabulary for $name {
            const NOUN: &'static str = $noun;
            const WORDS: &'static [&'static str] = &[$($word),+];

            fn parse(text: &str, exact: bool) -> Self {
                $(if text == $word || (!exact && text.eq_ignore_ascii_case($word)) {
                    return $name::$variant;
                })+
                $name::Other(text.to_owned())
            }

            fn word(&self) -> &str {
                match self {
                    $($name::$variant => $word,)+
                    $name::Other(text) => text,
                }
            }

            fn is_other(&self) -> bool {
                matches!(self, $name::Other(_))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.word())
            }
        }
    };
}

vocabulary!(NetworkPlugin, "network plugin" { Azure = "azure", Kubenet = "kubenet", None = "none" });
vocabulary!(NetworkPluginMode, "network plugin mode" { Overlay = "overlay" });
vocabulary!(NetworkPolicy, "network policy" { Azure = "azure", Calico = "calico", Cilium = "cilium", None = "none" });
vocabulary!(NetworkDataPlane, "network data plane" { Azure = "azure", Cilium = "cilium" });
vocabulary!(NetworkMode, "network mode" { Transparent = "transparent", Bridge = "bridge" });
vocabulary!(OutboundType, "outbound type" {
    LoadBalancer = "loadBalancer",
    UserDefinedRouting = "userDefinedRouting",
    ManagedNatGateway = "managedNATGateway",
    ManagedNatGatewayV2 = "managedNATGatewayV2",
    UserAssignedNatGateway = "userAssignedNATGateway",
    None = "none",
    Block = "block",
});
vocabulary!(LoadBalancerSku, "load balancer SKU" { Standard = "standard", Basic = "basic" });
vocabulary!(OsType, "operating system type" { Linux = "Linux", Windows = "Windows" });
vocabulary!(IpFamily, "IP family" { IPv4 = "IPv4", IPv6 = "IPv6" });
vocabulary!(ClusterSku, "cluster SKU" { Base = "Base", Automatic = "Automatic" });
vocabulary!(IdentityType, "identity type" {
    SystemAssigned = "SystemAssigned",
    UserAssigned = "UserAssigned",
});
vocabulary!(
    /// Where a route sends its traffic.
    NextHopType, "next hop type" {
    VirtualNetworkGateway = "VirtualNetworkGateway",
    VnetLocal = "VnetLocal",
    Internet = "Internet",
    VirtualAppliance = "VirtualAppliance",
    None = "None",
});
vocabulary!(Direction, "direction" { Inbound = "Inbound", Outbound = "Outbound" });
vocabulary!(Access, "access" { Allow = "Allow", Deny = "Deny" });
vocabulary!(Protocol, "protocol" { Any = "*", Tcp = "Tcp", Udp = "Udp", Icmp = "Icmp", Esp = "Esp", Ah = "Ah" });
vocabulary!(PodIpAllocationMode, "pod IP allocation mode" {
    DynamicIndividual = "DynamicIndividual",
    StaticBlock = "StaticBlock",
});
vocabulary!(ScaleSetPriority, "scale set priority" { Regular = "Regular", Spot = "Spot" });
