//! What evaluation costs: workspaces of 10 to 1,000 folders, each a root module with locals, `cidrsubnet`, a call of
//! a shared module and resources with `for_each`. The cost of one folder should not hang on how many there are.

#![allow(clippy::unwrap_used)]

use std::hint::black_box;
use std::sync::Arc;

use akslint_core::Settings;
use akslint_core::calendar::Date;
use akslint_core::eval::terraform::deployment;
use akslint_core::eval::terraform::roots::{Root, roots};
use akslint_core::source::discovery::discover;
use akslint_core::source::{MemoryFileSystem, Sources};
use akslint_core::syntax::Trees;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const MODULE: &str = r#"
variable "range" {
  type = string
}

variable "environment" {
  type = string
}

locals {
  subnets = { for index, name in ["nodes", "pods", "ingress"] : name => cidrsubnet(var.range, 4, index) }
}

resource "azurerm_subnet" "this" {
  for_each             = local.subnets
  name                 = format("snet-%s-%s", each.key, var.environment)
  virtual_network_name = "vnet-${var.environment}"
  resource_group_name  = "rg-network"
  address_prefixes     = [each.value]
}

output "subnet_ids" {
  value = { for name, subnet in azurerm_subnet.this : name => subnet.id }
}
"#;

const ROOT: &str = r#"
locals {
  environment = "team-NUMBER"
  base        = "10.0.0.0/8"
  range       = cidrsubnet(local.base, 12, NUMBER)
  tags        = merge({ environment = local.environment }, { for key in ["a", "b", "c"] : key => upper(key) })
}

module "network" {
  source      = "../modules/network"
  range       = local.range
  environment = local.environment
}

resource "azurerm_kubernetes_cluster" "this" {
  name                = "aks-${local.environment}"
  location            = "westeurope"
  resource_group_name = "rg-${local.environment}"
  dns_prefix          = replace(local.environment, "/[^a-z0-9]/", "")
  tags                = local.tags

  default_node_pool {
    name           = "system"
    node_count     = 3
    vm_size        = "Standard_D4s_v5"
    vnet_subnet_id = module.network.subnet_ids["nodes"]
  }

  network_profile {
    network_plugin = "azure"
    service_cidr   = cidrsubnet("172.16.0.0/12", 8, NUMBER % 256)
    dns_service_ip = cidrhost(cidrsubnet("172.16.0.0/12", 8, NUMBER % 256), 10)
  }
}
"#;

fn workspace(folders: usize) -> (Trees, Vec<Root>, Settings) {
    let mut files = vec![("modules/network/main.tf".to_owned(), MODULE.to_owned())];
    for number in 0..folders {
        let text = ROOT.replace("NUMBER", &number.to_string());
        files.push((format!("team-{number}/main.tf"), text));
    }
    let settings = Settings::as_of(Date::new(2026, 1, 1));
    let file_system = Arc::new(MemoryFileSystem::new(files));
    let discovered = discover(file_system.as_ref(), &settings.paths);
    let trees = Trees::new(Arc::new(Sources::new(file_system)));
    let roots = roots(&trees, &discovered, &settings);
    assert_eq!(roots.len(), folders);
    (trees, roots, settings)
}

fn evaluate(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("evaluate");
    group.sample_size(10);
    for folders in [10, 100, 1_000] {
        let (trees, roots, settings) = workspace(folders);
        let all = || {
            roots
                .iter()
                .map(|root| {
                    deployment(&trees, root, &settings.variables, &[], &|_: &str| true)
                        .resources
                        .len()
                })
                .sum::<usize>()
        };
        // Three subnets and a cluster; this also parses every file once.
        assert_eq!(all(), folders * 4);
        group.throughput(Throughput::Elements(folders as u64));
        group.bench_function(BenchmarkId::from_parameter(folders), |bencher| {
            bencher.iter(|| black_box(all()))
        });
    }
    group.finish();
}

criterion_group!(benches, evaluate);
criterion_main!(benches);
