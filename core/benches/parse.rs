//! Reading generated Terraform files: the cost per file stays constant from ten to a thousand files, and
//! the reading costs little more than hcl-edit alone, which is the baseline.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use akslint_core::source::FileId;
use akslint_core::syntax::hcl::{Notation, parse};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// A file as a landing zone has it: a virtual network, subnets, a cluster with a pool, variables and outputs.
fn file(number: usize) -> String {
    let mut text = String::new();
    let _ = write!(
        text,
        r#"# Network and cluster of team {number}.
variable "pools_{number}" {{
  description = "Node pools by name."
  type = map(object({{
    vm_size  = optional(string, "Standard_D4s_v5")
    max_pods = optional(number, 30)
  }}))
  default = {{}}
}}

locals {{
  range = cidrsubnet("10.0.0.0/8", 8, {octet})
  tags  = merge(var.tags, {{ team = "team-{number}", cost_center = "cc-${{var.cost_center}}" }})
}}

resource "azurerm_virtual_network" "main" {{
  name                = "vnet-team-{number}"
  location            = var.location
  resource_group_name = azurerm_resource_group.main.name
  address_space       = [local.range]
  tags                = local.tags
}}

resource "azurerm_subnet" "nodes" {{
  for_each = {{ for name, pool in var.pools_{number} : name => pool if pool.max_pods > 10 }}

  name                 = "snet-${{each.key}}"
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = [cidrsubnet(local.range, 6, index(keys(var.pools_{number}), each.key))]
  service_endpoints    = ["Microsoft.Storage", "Microsoft.KeyVault"]
}}

resource "azurerm_kubernetes_cluster" "main" {{
  name                = "aks-team-{number}"
  location            = var.location
  resource_group_name = azurerm_resource_group.main.name
  dns_prefix          = "team-{number}"
  sku_tier            = var.environment == "prod" ? "Standard" : "Free"

  default_node_pool {{
    name           = "system"
    vm_size        = "Standard_D4s_v5"
    node_count     = 3
    vnet_subnet_id = azurerm_subnet.nodes["system"].id
  }}

  network_profile {{
    network_plugin      = "azure"
    network_plugin_mode = "overlay"
    service_cidr        = "172.16.0.0/16"
    dns_service_ip      = cidrhost("172.16.0.0/16", 10)
  }}

  dynamic "identity" {{
    for_each = var.identities
    content {{
      type         = "UserAssigned"
      identity_ids = [identity.value]
    }}
  }}
}}

output "subnet_ids" {{
  value = {{ for name, subnet in azurerm_subnet.nodes : name => subnet.id }}
}}
"#,
        octet = number % 256
    );
    text
}

fn parse_all(files: &[String]) {
    for (id, text) in (0..).zip(files) {
        black_box(parse(FileId(id), black_box(text), Notation::Native));
    }
}

fn parse_with_hcl_edit_alone(files: &[String]) {
    for text in files {
        let _ = black_box(hcl_edit::parser::parse_body(black_box(text)));
    }
}

fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    group.sample_size(10);
    for count in [10, 100, 1_000] {
        let files: Vec<String> = (0..count).map(file).collect();
        group.throughput(Throughput::Elements(count as u64));
        group.bench_with_input(BenchmarkId::new("akslint", count), &files, |bencher, files| {
            bencher.iter(|| parse_all(files));
        });
        group.bench_with_input(
            BenchmarkId::new("hcl-edit alone", count),
            &files,
            |bencher, files| {
                bencher.iter(|| parse_with_hcl_edit_alone(files));
            },
        );
    }
    group.finish();
    ratio();
}

/// The two in turn, so that a busy machine slows both.
#[allow(clippy::print_stderr)]
fn ratio() {
    let files: Vec<String> = (0..200).map(file).collect();
    let (mut ours, mut baseline) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..20 {
        let start = Instant::now();
        parse_with_hcl_edit_alone(&files);
        baseline = baseline.min(start.elapsed().as_secs_f64());
        let start = Instant::now();
        parse_all(&files);
        ours = ours.min(start.elapsed().as_secs_f64());
    }
    eprintln!(
        "akslint takes {:.2} times as long as hcl-edit alone",
        ours / baseline
    );
}

criterion_group!(benches, bench);
criterion_main!(benches);
