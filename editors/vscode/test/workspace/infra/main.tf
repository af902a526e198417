# The cluster of a parcel service, in a virtual network of its own.
# Some of its ranges are wrong on purpose: they are what the tests of the editors look for.

resource "azurerm_kubernetes_cluster" "parcels" {
  name                = "aks-parcels-${var.environment}"
  location            = azurerm_resource_group.parcels.location
  resource_group_name = azurerm_resource_group.parcels.name
  dns_prefix          = "parcels"

  default_node_pool {
    name           = "system"
    vm_size        = "Standard_D4ds_v5"
    node_count     = 3
    vnet_subnet_id = azurerm_subnet.nodes.id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.parcels.id]
  }

  network_profile {
    network_plugin = "azure"
    network_policy = "calico"
    service_cidr   = "10.60.8.0/23"
    dns_service_ip = "10.60.16.10"
  }
}

resource "azurerm_kubernetes_cluster_node_pool" "sorting" {
  name                  = "sorting"
  kubernetes_cluster_id = azurerm_kubernetes_cluster.parcels.id
  vm_size               = "Standard_D8ds_v5"
  vnet_subnet_id        = azurerm_subnet.sorting.id
  max_pods              = 50
  auto_scaling_enabled  = true
  min_count             = 2
  max_count             = var.sorting_max_count
}
