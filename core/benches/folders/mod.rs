//! Generated root modules for measurements: a network, two clusters and their variables in three files of
//! about 5.4 kB together, each with other names and ranges.

/// The files of the folder with this number: path and text.
pub(crate) fn folder(number: usize) -> [(String, String); 3] {
    let name = format!("stack{number:04}");
    [
        (format!("{name}/main.tf"), cluster(&name)),
        (format!("{name}/network.tf"), network(&name)),
        (format!("{name}/variables.tf"), variables(number)),
    ]
}

fn cluster(name: &str) -> String {
    let mut text = format!(
        r#"terraform {{
  required_providers {{
    azurerm = {{
      source  = "hashicorp/azurerm"
      version = "~> 4.50"
    }}
  }}
}}

resource "azurerm_resource_group" "this" {{
  name     = "rg-{name}"
  location = var.location
  tags     = local.tags
}}

resource "azurerm_user_assigned_identity" "cluster" {{
  name                = "id-{name}"
  location            = azurerm_resource_group.this.location
  resource_group_name = azurerm_resource_group.this.name
}}

resource "azurerm_role_assignment" "network" {{
  for_each = azurerm_subnet.this

  scope                = each.value.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.cluster.principal_id
}}
"#
    );
    for (cluster, subnet, policy) in [
        ("blue", "nodes-blue", "calico"),
        ("green", "nodes-green", "azure"),
    ] {
        text += &format!(
            r#"
resource "azurerm_kubernetes_cluster" "{cluster}" {{
  name                = "aks-{name}-{cluster}"
  location            = azurerm_resource_group.this.location
  resource_group_name = azurerm_resource_group.this.name
  dns_prefix          = "{name}-{cluster}"
  kubernetes_version  = var.kubernetes_version
  tags                = merge(local.tags, {{ cluster = "{cluster}" }})

  default_node_pool {{
    name                 = "system"
    vm_size              = "Standard_D4ds_v5"
    auto_scaling_enabled = true
    min_count            = 1
    max_count            = var.pools["system"].max_count
    max_pods             = var.pools["system"].max_pods
    vnet_subnet_id       = azurerm_subnet.this["{subnet}"].id

    upgrade_settings {{
      max_surge = "33%"
    }}
  }}

  identity {{
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.cluster.id]
  }}

  network_profile {{
    network_plugin = "azure"
    network_policy = "{policy}"
    service_cidr   = local.service_cidr
    dns_service_ip = cidrhost(local.service_cidr, 10)
  }}
}}

resource "azurerm_kubernetes_cluster_node_pool" "{cluster}" {{
  for_each = {{ for name, pool in var.pools : name => pool if name != "system" }}

  name                  = each.key
  kubernetes_cluster_id = azurerm_kubernetes_cluster.{cluster}.id
  vm_size               = "Standard_D8ds_v5"
  auto_scaling_enabled  = true
  min_count             = 1
  max_count             = each.value.max_count
  max_pods              = each.value.max_pods
  vnet_subnet_id        = azurerm_subnet.this["{subnet}"].id
}}
"#
        );
    }
    text
}

fn network(name: &str) -> String {
    format!(
        r#"locals {{
  tags         = {{ stack = "{name}", environment = var.environment }}
  service_cidr = "172.20.0.0/16"

  subnets = {{
    nodes-blue  = cidrsubnet(var.address_space, 6, 0)
    nodes-green = cidrsubnet(var.address_space, 6, 1)
    endpoints   = cidrsubnet(var.address_space, 8, 255)
  }}
}}

resource "azurerm_virtual_network" "this" {{
  name                = "vnet-{name}"
  location            = azurerm_resource_group.this.location
  resource_group_name = azurerm_resource_group.this.name
  address_space       = [var.address_space]
  tags                = local.tags
}}

resource "azurerm_subnet" "this" {{
  for_each = local.subnets

  name                 = "snet-${{each.key}}"
  resource_group_name  = azurerm_resource_group.this.name
  virtual_network_name = azurerm_virtual_network.this.name
  address_prefixes     = [each.value]
}}

resource "azurerm_network_security_group" "nodes" {{
  name                = "nsg-{name}"
  location            = azurerm_resource_group.this.location
  resource_group_name = azurerm_resource_group.this.name

  security_rule {{
    name                       = "allow-https"
    priority                   = 200
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_address_prefix      = "Internet"
    source_port_range          = "*"
    destination_address_prefix = "*"
    destination_port_range     = "443"
  }}
}}

resource "azurerm_subnet_network_security_group_association" "nodes" {{
  for_each = toset(["nodes-blue", "nodes-green"])

  subnet_id                 = azurerm_subnet.this[each.key].id
  network_security_group_id = azurerm_network_security_group.nodes.id
}}
"#
    )
}

fn variables(number: usize) -> String {
    format!(
        r#"variable "location" {{
  description = "Azure region of all resources."
  type        = string
  default     = "westeurope"
}}

variable "environment" {{
  type    = string
  default = "prod"
}}

variable "kubernetes_version" {{
  type    = string
  default = "1.33"
}}

variable "address_space" {{
  description = "Range of the virtual network."
  type        = string
  default     = "10.{}.0.0/16"
}}

variable "pools" {{
  description = "Node pools by name."
  type = map(object({{
    max_count = number
    max_pods  = optional(number, 30)
  }}))
  default = {{
    system = {{ max_count = 5 }}
    web    = {{ max_count = 10 }}
  }}
}}
"#,
        number % 200 + 16
    )
}
