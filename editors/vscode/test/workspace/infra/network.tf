resource "azurerm_resource_group" "parcels" {
  name     = "rg-parcels-${var.environment}"
  location = "westeurope"
}

resource "azurerm_virtual_network" "parcels" {
  name                = "vnet-parcels-${var.environment}"
  location            = azurerm_resource_group.parcels.location
  resource_group_name = azurerm_resource_group.parcels.name
  address_space       = [var.address_space]
}

resource "azurerm_subnet" "nodes" {
  name                 = "snet-nodes"
  resource_group_name  = azurerm_resource_group.parcels.name
  virtual_network_name = azurerm_virtual_network.parcels.name
  address_prefixes     = [cidrsubnet(var.address_space, 6, 2)]
}

resource "azurerm_subnet" "sorting" {
  name                 = "snet-sorting"
  resource_group_name  = azurerm_resource_group.parcels.name
  virtual_network_name = azurerm_virtual_network.parcels.name
  address_prefixes     = [cidrsubnet(var.address_space, 8, 4)]
}

resource "azurerm_user_assigned_identity" "parcels" {
  name                = "id-parcels-${var.environment}"
  location            = azurerm_resource_group.parcels.location
  resource_group_name = azurerm_resource_group.parcels.name
}

resource "azurerm_role_assignment" "parcels" {
  scope                = azurerm_virtual_network.parcels.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.parcels.principal_id
}
