param name string
param location string = resourceGroup().location
param routes array?
param disableBgpRoutePropagation bool = false

resource routeTable 'Microsoft.Network/routeTables@2023-04-01' = {
  name: name
  location: location
  properties: {
    routes: routes
    disableBgpRoutePropagation: disableBgpRoutePropagation
  }
}

output resourceGroupName string = resourceGroup().name
output resourceId string = routeTable.id
output name string = routeTable.name
output location string = routeTable.location
