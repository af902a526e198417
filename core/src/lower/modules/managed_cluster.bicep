param since_0_5_1 bool

param name string
param location string = resourceGroup().location
param aciConnectorLinuxEnabled bool = false
param agentPools array?
param apiServerAccessProfile object?
param dnsServiceIP string?
param enablePrivateCluster bool = false
param ipFamilies array?
param kubernetesVersion string?
param loadBalancerSku string = 'standard'
param managedIdentities object?
param networkDataplane string?
param networkMode string?
param networkPlugin string?
param networkPluginMode string?
param networkPolicy string?
param outboundType string = 'loadBalancer'
param podCidr string?
param podCidrs array?
param primaryAgentPoolProfile array?
param primaryAgentPoolProfiles array?
param serviceCidr string?
param serviceCidrs array?
param skuName string = 'Base'
param skuTier string = 'Standard'

var isCilium = since_0_5_1 && networkDataplane == 'cilium'
var userAssigned = managedIdentities.?userAssignedResourceIds ?? managedIdentities.?userAssignedResourcesIds ?? []

resource managedCluster 'Microsoft.ContainerService/managedClusters@2025-10-01' = {
  name: name
  location: location
  identity: {
    type: (managedIdentities.?systemAssigned ?? false) ? 'SystemAssigned' : (empty(userAssigned) ? null : 'UserAssigned')
    userAssignedIdentities: toObject(userAssigned, id => id, id => {})
  }
  sku: {
    name: skuName
    tier: skuTier
  }
  properties: {
    kubernetesVersion: kubernetesVersion
    agentPoolProfiles: primaryAgentPoolProfile ?? map(primaryAgentPoolProfiles ?? [], pool => {
      name: pool.name
      mode: pool.?mode
      count: pool.?count
      enableAutoScaling: pool.?enableAutoScaling
      minCount: pool.?minCount
      maxCount: pool.?maxCount
      maxPods: pool.?maxPods
      enableNodePublicIP: pool.?enableNodePublicIP
      osType: pool.?osType
      osSKU: pool.?osSKU
      scaleSetPriority: pool.?scaleSetPriority
      podIPAllocationMode: pool.?podIPAllocationMode
      podSubnetID: pool.?podSubnetResourceId
      vnetSubnetID: pool.?vnetSubnetResourceId
      upgradeSettings: pool.?upgradeSettings ?? {
        maxSurge: pool.?maxSurge
      }
    })
    addonProfiles: {
      aciConnectorLinux: {
        enabled: aciConnectorLinuxEnabled
      }
    }
    networkProfile: {
      ipFamilies: ipFamilies
      networkDataplane: networkDataplane
      networkMode: networkMode
      networkPlugin: networkPlugin
      networkPluginMode: isCilium ? 'overlay' : networkPluginMode
      networkPolicy: isCilium ? 'cilium' : networkPolicy
      podCidr: podCidr
      podCidrs: podCidrs
      serviceCidr: serviceCidr
      serviceCidrs: serviceCidrs
      dnsServiceIP: dnsServiceIP
      outboundType: outboundType
      loadBalancerSku: loadBalancerSku
    }
    apiServerAccessProfile: apiServerAccessProfile ?? {
      enablePrivateCluster: enablePrivateCluster
    }
  }
}

resource agentPool 'Microsoft.ContainerService/managedClusters/agentPools@2025-10-01' = [for pool in (agentPools ?? []): {
  parent: managedCluster
  name: pool.name
  properties: {
    mode: pool.?mode
    count: pool.?count
    enableAutoScaling: pool.?enableAutoScaling
    minCount: pool.?minCount
    maxCount: pool.?maxCount
    maxPods: pool.?maxPods
    enableNodePublicIP: pool.?enableNodePublicIP
    osType: pool.?osType
    osSKU: pool.?osSKU
    scaleSetPriority: pool.?scaleSetPriority
    podIPAllocationMode: pool.?podIPAllocationMode
    podSubnetID: pool.?podSubnetResourceId ?? pool.?podSubnetId
    vnetSubnetID: pool.?vnetSubnetResourceId ?? pool.?vnetSubnetId
    upgradeSettings: pool.?upgradeSettings ?? {
      maxSurge: pool.?maxSurge
    }
  }
}]

output resourceGroupName string = resourceGroup().name
output resourceId string = managedCluster.id
output name string = managedCluster.name
output location string = managedCluster.location
output systemAssignedMIPrincipalId string? = managedCluster.?identity.?principalId
output kubeletIdentityObjectId string? = managedCluster.properties.?identityProfile.?kubeletidentity.?objectId
output kubeletIdentityResourceId string? = managedCluster.properties.?identityProfile.?kubeletidentity.?resourceId
output oidcIssuerUrl string? = managedCluster.properties.?oidcIssuerProfile.?issuerURL
