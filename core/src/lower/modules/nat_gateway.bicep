param name string
param location string = resourceGroup().location
param natGatewaySku string = 'Standard'
param publicIpResourceIds array = []
param publicIPPrefixResourceIds array = []
param publicIPAddressObjects array?
param publicIPAddresses array?
param publicIPPrefixObjects array?
param publicIPPrefixes array?

var addresses = publicIPAddresses ?? publicIPAddressObjects ?? []
var prefixes = publicIPPrefixes ?? publicIPPrefixObjects ?? []

resource address 'Microsoft.Network/publicIPAddresses@2024-01-01' = [for item in addresses: {
  name: item.?name ?? '${name}-pip'
  location: location
  sku: {
    name: 'Standard'
  }
}]

resource prefix 'Microsoft.Network/publicIPPrefixes@2024-01-01' = [for item in prefixes: {
  name: item.?name ?? '${name}-pip'
  location: location
  sku: {
    name: 'Standard'
  }
  properties: {
    prefixLength: item.?prefixLength
  }
}]

resource natGateway 'Microsoft.Network/natGateways@2024-01-01' = {
  name: name
  location: location
  sku: {
    name: natGatewaySku
  }
  properties: {
    publicIpAddresses: concat(map(publicIpResourceIds, id => { id: id }), map(range(0, length(addresses)), index => { id: address[index].id }))
    publicIpPrefixes: concat(map(publicIPPrefixResourceIds, id => { id: id }), map(range(0, length(prefixes)), index => { id: prefix[index].id }))
  }
}

output resourceGroupName string = resourceGroup().name
output resourceId string = natGateway.id
output name string = natGateway.name
output location string = natGateway.location
