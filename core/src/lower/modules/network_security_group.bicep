param name string
param location string = resourceGroup().location
param securityRules array?

resource networkSecurityGroup 'Microsoft.Network/networkSecurityGroups@2023-11-01' = {
  name: name
  location: location
  properties: {
    securityRules: securityRules
  }
}

output resourceGroupName string = resourceGroup().name
output resourceId string = networkSecurityGroup.id
output name string = networkSecurityGroup.name
output location string = networkSecurityGroup.location
