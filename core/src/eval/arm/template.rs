//! The declarations of one template: what an ARM JSON file and a Bicep file have in common. The readers
//! make it, the evaluator works on it and does not know which of the two it came from.

use std::sync::Arc;

use crate::source::{FileId, Span};
use crate::syntax::SyntaxError;
use crate::syntax::arm::expression::{Expression, Member};

#[derive(Debug, Clone)]
pub struct Template {
    pub file: FileId,
    /// The folder of the file: what relative paths in it start from.
    pub folder: Arc<str>,
    pub scope: Scope,
    pub parameters: Vec<Parameter>,
    pub variables: Vec<Variable>,
    pub resources: Vec<ResourceDeclaration>,
    pub outputs: Vec<Output>,
    pub functions: Vec<UserFunction>,
    pub imports: Vec<Import>,
    /// What is wrong with the text; the rest of it is above.
    pub errors: Vec<SyntaxError>,
    /// Declarations may be missing, since parts of the text could not be read.
    pub is_incomplete: bool,
}

impl Template {
    /// One that declares nothing, in a file of this folder.
    pub fn empty(file: FileId, folder: Arc<str>) -> Self {
        Template {
            file,
            folder,
            scope: Scope::default(),
            parameters: Vec::new(),
            variables: Vec::new(),
            resources: Vec::new(),
            outputs: Vec::new(),
            functions: Vec::new(),
            imports: Vec::new(),
            errors: Vec::new(),
            is_incomplete: false,
        }
    }

    /// The resource of a symbolic name, and its position.
    pub fn symbol(&self, name: &str) -> Option<(usize, &ResourceDeclaration)> {
        let mut resources = self.resources.iter().enumerate();
        resources.find(|(_, declaration)| {
            let symbol = declaration.symbol.as_ref();
            symbol.is_some_and(|symbol| symbol.eq_ignore_ascii_case(name))
        })
    }

    /// The place to blame for what is written nowhere in it.
    pub fn start(&self) -> Span {
        Span::new(self.file, 0, 0)
    }
}

/// What a template is deployed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Scope {
    #[default]
    ResourceGroup,
    Subscription,
    ManagementGroup,
    Tenant,
}

#[derive(Debug, Clone)]
pub struct Parameter {
    pub name: Arc<str>,
    pub name_span: Span,
    /// The whole declaration.
    pub span: Span,
    pub default: Option<Expression>,
    /// The values that `allowedValues` or `@allowed` admit.
    pub allowed: Option<Expression>,
    /// What the type says of the value as long as nobody assigns one.
    pub shape: Shape,
    /// Null when nothing is assigned.
    pub is_nullable: bool,
    /// `secureString`, `secureObject`, `@secure()`: the value must not appear in any output.
    pub is_secure: bool,
}

/// As much of a parameter's type as matters while its value is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shape {
    /// Text, a number or a bool.
    Scalar,
    Array,
    Object,
    #[default]
    Any,
}

#[derive(Debug, Clone)]
pub struct Variable {
    pub name: Arc<str>,
    pub name_span: Span,
    pub value: Expression,
    /// `@export()`: other files may import it.
    pub is_exported: bool,
}

#[derive(Debug, Clone)]
pub struct Output {
    pub name: Arc<str>,
    pub name_span: Span,
    pub value: Expression,
    pub condition: Option<Expression>,
    pub is_secure: bool,
}

#[derive(Debug, Clone)]
pub struct UserFunction {
    /// Of ARM JSON; functions of Bicep have none.
    pub namespace: Option<Arc<str>>,
    pub name: Arc<str>,
    pub name_span: Span,
    pub parameters: Vec<Arc<str>>,
    /// The parameters are `parameters('name')` in it.
    pub body: Expression,
}

/// A name that another file exports.
#[derive(Debug, Clone)]
pub struct Import {
    /// Relative to the folder of the template.
    pub path: Arc<str>,
    pub path_span: Span,
    pub names: Imported,
}

#[derive(Debug, Clone)]
pub enum Imported {
    /// `import { nodeCount as count } from 'x.bicep'`: each exported name with the name here.
    Names(Vec<(Arc<str>, Arc<str>)>),
    /// `import * as shared from 'x.bicep'`: members of one name here.
    All(Arc<str>),
}

#[derive(Debug, Clone)]
pub struct ResourceDeclaration {
    /// In Bicep, and in templates with symbolic names.
    pub symbol: Option<Arc<str>>,
    /// `Microsoft.Network/virtualNetworks/subnets`: of a child with that of its parents. For a module,
    /// [`DEPLOYMENT_TYPE`].
    pub kind: Arc<str>,
    pub api_version: Option<Arc<str>>,
    /// Of a child with a `parent`, its own part alone; else the whole name: `hub/nodes`.
    pub name: Expression,
    pub parent: Option<Parent>,
    pub condition: Option<Expression>,
    pub repeat: Option<Repeat>,
    /// It is deployed elsewhere and only read here.
    pub is_existing: bool,
    /// Where it is deployed, when that is not the scope of the template: `resourceGroup('network')`, a
    /// resource (of an extension resource). In JSON the property `scope`, or `resourceGroup` and
    /// `subscriptionId` of a nested deployment, put into the same calls.
    pub scope: Option<Expression>,
    /// Everything at the resource's own level that is not named above: `location`, `sku`, `identity`,
    /// `properties`.
    pub body: Vec<Member>,
    pub depends_on: Vec<Expression>,
    /// Another template that it deploys.
    pub deployment: Option<Nested>,
    /// What names the resource for users: in Bicep `resource vnet 'Microsoft…@2024-01-01'`, in JSON its
    /// type.
    pub header: Span,
    pub span: Span,
}

pub const DEPLOYMENT_TYPE: &str = "Microsoft.Resources/deployments";

/// The resource that a child belongs to.
#[derive(Debug, Clone)]
pub enum Parent {
    /// By its symbolic name, with the index when that one is a loop: `parent: vnets[0]`.
    Symbol {
        name: Arc<str>,
        index: Option<Expression>,
        span: Span,
    },
    /// The position in [`Template::resources`] of the resource that it is written in. A parent that is a
    /// loop has its children once for each instance.
    Enclosing(usize),
}

/// One resource for each element.
#[derive(Debug, Clone)]
pub struct Repeat {
    /// What `copyIndex('name')` calls the loop; empty in Bicep.
    pub name: Arc<str>,
    pub over: Over,
    /// Bicep's names for the element and the index, known as `lambdaVariables('name')`.
    pub item: Option<Arc<str>>,
    pub index: Option<Arc<str>>,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub enum Over {
    Count(Expression),
    /// The elements of an array.
    Elements(Expression),
}

#[derive(Debug, Clone)]
pub struct Nested {
    pub source: Source,
    /// Parameter name to value. One that a key vault gives is a call of `keyVaultSecret()`.
    pub parameters: Vec<Member>,
    /// With outer scope the nested template's expressions see the parameters, variables and functions of
    /// the template around it.
    pub is_inner_scope: bool,
}

#[derive(Debug, Clone)]
pub enum Source {
    /// Written inside the resource.
    Inline(Arc<Template>),
    /// A file, relative to the folder of the template.
    File { path: Arc<str>, span: Span },
    /// A registry (`br/public:avm/res/…:0.9.1`), a template spec or an address.
    Elsewhere { name: Arc<str>, span: Span },
}

/// A file that gives values to a template's parameters: JSON or `.bicepparam`.
#[derive(Debug, Clone)]
pub struct ParameterFile {
    pub file: FileId,
    pub folder: Arc<str>,
    /// The template that a `.bicepparam` names, relative to its folder.
    pub using: Option<(Arc<str>, Span)>,
    /// A `.bicepparam` that this one builds on, relative to its folder.
    pub extends: Option<(Arc<str>, Span)>,
    pub parameters: Vec<Variable>,
    pub variables: Vec<Variable>,
    pub functions: Vec<UserFunction>,
    pub imports: Vec<Import>,
    pub errors: Vec<SyntaxError>,
}
