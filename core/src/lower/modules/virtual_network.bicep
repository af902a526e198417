param name string
param location string = resourceGroup().location
param addressPrefixes array
param subnets array?
param dnsServers array?
param peerings array?
param roleAssignments array?
param ipamPoolNumberOfIpAddresses string?

var roles = {
  contributor: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')
  'network contributor': subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4d97b98b-1d4f-4787-a291-c67834d212e7')
  owner: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '8e3af657-a8ff-443c-a75c-2fe8c4bcb635')
}
var subnetRoles = flatten(map(subnets ?? [], subnet => map(subnet.?roleAssignments ?? [], role => {
  subnet: subnet.name
  role: role
})))

resource virtualNetwork 'Microsoft.Network/virtualNetworks@2024-01-01' = {
  name: name
  location: location
  properties: {
    addressSpace: {
      addressPrefixes: empty(ipamPoolNumberOfIpAddresses) ? addressPrefixes : null
      ipamPoolPrefixAllocations: empty(ipamPoolNumberOfIpAddresses) ? null : addressPrefixes
    }
    dhcpOptions: {
      dnsServers: dnsServers
    }
  }
}

resource subnet 'Microsoft.Network/virtualNetworks/subnets@2024-01-01' = [for subnet in (subnets ?? []): {
  parent: virtualNetwork
  name: subnet.name
  properties: {
    addressPrefix: subnet.?addressPrefix
    addressPrefixes: subnet.?addressPrefixes
    ipamPoolPrefixAllocations: subnet.?ipamPoolPrefixAllocations
    networkSecurityGroup: {
      id: subnet.?networkSecurityGroupResourceId
    }
    routeTable: {
      id: subnet.?routeTableResourceId
    }
    natGateway: {
      id: subnet.?natGatewayResourceId
    }
    delegations: empty(subnet.?delegation) ? subnet.?delegations : [
      {
        name: subnet.?delegation
        properties: {
          serviceName: subnet.?delegation
        }
      }
    ]
  }
}]

resource peering 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings@2024-01-01' = [for peering in (peerings ?? []): {
  parent: virtualNetwork
  name: peering.?name ?? '${name}-${last(split(peering.?remoteVirtualNetworkResourceId ?? peering.remoteVirtualNetworkId, '/'))}'
  properties: {
    remoteVirtualNetwork: {
      id: peering.?remoteVirtualNetworkResourceId ?? peering.remoteVirtualNetworkId
    }
  }
}]

resource networkRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (role, index) in (roleAssignments ?? []): {
  name: guid(name, string(index))
  scope: virtualNetwork
  properties: {
    principalId: role.principalId
    roleDefinitionId: roles[?toLower(role.roleDefinitionIdOrName)] ?? role.roleDefinitionIdOrName
  }
}]

resource roleSubnet 'Microsoft.Network/virtualNetworks/subnets@2024-01-01' existing = [for entry in subnetRoles: {
  parent: virtualNetwork
  name: entry.subnet
}]

resource subnetRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (entry, index) in subnetRoles: {
  name: guid(name, 'subnet', string(index))
  scope: roleSubnet[index]
  properties: {
    principalId: entry.role.principalId
    roleDefinitionId: roles[?toLower(entry.role.roleDefinitionIdOrName)] ?? entry.role.roleDefinitionIdOrName
  }
}]

output resourceGroupName string = resourceGroup().name
output resourceId string = virtualNetwork.id
output name string = virtualNetwork.name
output location string = virtualNetwork.location
output subnetNames array = [for (item, index) in (subnets ?? []): item.name]
output subnetResourceIds array = [for (item, index) in (subnets ?? []): subnet[index].id]
