// The same cluster in Bicep, in overlay mode.
param location string = resourceGroup().location
param addressSpace string

var nodeRange = cidrSubnet(addressSpace, 22, 2)

module network 'modules/network.bicep' = {
  name: 'network'
  params: {
    location: location
    addressSpace: addressSpace
    nodeRange: nodeRange
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2024-09-01' = {
  name: 'aks-parcels'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${network.outputs.identityId}': {}
    }
  }
  properties: {
    dnsPrefix: 'parcels'
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        count: 3
        vmSize: 'Standard_D4ds_v5'
        vnetSubnetID: network.outputs.nodeSubnetId
      }
    ]
    networkProfile: {
      networkPlugin: 'azure'
      networkPluginMode: 'overlay'
      networkPolicy: 'cilium'
      networkDataplane: 'cilium'
      podCidr: '192.168.0.0/16'
      /* Süd 📦 */ serviceCidr: '10.70.10.0/23'
      dnsServiceIP: '10.70.10.10'
    }
  }
}
