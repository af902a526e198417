@description('Range of the services: «größer» is not needed 🚀')
param serviceCidr string

resource cluster 'Microsoft.ContainerService/managedClusters@2024-09-01' = {
  name: 'aks-mill'
  location: resourceGroup().location
  identity: { type: 'SystemAssigned' }
  properties: {
    dnsPrefix: 'mill'
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        count: 3
        vmSize: 'Standard_D4s_v5'
      }
    ]
    networkProfile: {
      networkPlugin: 'azure'
      networkPluginMode: 'overlay'
      networkPolicy: 'cilium'
      networkDataplane: 'cilium'
      podCidr: '172.28.0.0/16'
      serviceCidr: serviceCidr
      dnsServiceIP: /* Straße 🛣️ */ '10.70.128.10'
    }
  }
}
